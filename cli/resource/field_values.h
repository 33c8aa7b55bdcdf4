// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/args.h"
#include "cli/context.h"
#include "cli/resource/resource.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// The flags of a resource's fields and what was given to them. Stays where it is: the arguments
/// write into it.
class FieldValues {
public:
    enum class For : std::uint8_t { create, set };

    FieldValues(const Resource& resource, For purpose) : resource_(resource), purpose_(purpose) {}
    FieldValues(const FieldValues&) = delete;
    FieldValues& operator=(const FieldValues&) = delete;
    FieldValues(FieldValues&&) = delete;
    FieldValues& operator=(FieldValues&&) = delete;
    ~FieldValues() = default;

    void declare(Args& args);

    /// The object to send, with the keys that were given and no others.
    [[nodiscard]] Result<nlohmann::ordered_json> body(Context& ctx) const;

private:
    struct Slot {
        std::string text;
        std::optional<std::string> given;
        std::optional<bool> boolean;
        std::optional<std::int64_t> number;
        std::vector<std::string> all;
        std::vector<std::string> add;
        std::vector<std::string> remove;
        bool clear = false;
    };

    void declare_list(Args& args, const ResourceField& field, Slot& slot) const;
    Result<void> put_list(
        Context& ctx, nlohmann::ordered_json& out, const ResourceField& field, const Slot& slot
    ) const;

    const Resource& resource_;
    For purpose_;
    std::deque<Slot> slots_;  // one for each field of the resource; addresses last
};

/// A password out of a file, or with "-" the first line of standard input.
Result<Secret> read_password(Context& ctx, const std::string& file);

}  // namespace pchat::cli
