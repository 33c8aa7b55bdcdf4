// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "base/config/shape.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

namespace pchat::config {

/// The object that is being read, as messages call it: of the object `ports` of a pool, `owner` is
/// the pool and `prefix` is "ports.".
struct Where {
    std::string owner;
    std::string prefix = {};

    [[nodiscard]] std::string field(std::string_view key) const {
        return fmt::format("'{}{}'", prefix, key);
    }
    [[nodiscard]] std::string field_of(std::string_view key) const {
        return fmt::format("{} of {}", field(key), owner);
    }
    [[nodiscard]] std::string object() const {
        if (prefix.empty())
            return owner;
        return fmt::format(
            "'{}' of {}", std::string_view{prefix}.substr(0, prefix.size() - 1), owner
        );
    }
};

/// What is wrong with a value; the reader adds the place.
struct Complaint {
    std::string_view rule;
    std::string message;
    std::string hint = {};
    std::string remark = {};
    bool secret = false;  // the value must not be shown
};

/// "must be a list, got an object".
Complaint wrong_type(
    const Node& value,
    const Field& field,
    const Where& where,
    std::string_view due,
    std::string hint = {}
);

/// Reads one value into the field of `object`.
std::optional<Complaint> read_scalar(
    const Node& value, const Field& field, Object& object, const Where& where
);

std::optional<Complaint> read_text(
    const Node& value, const Field& field, std::string& out, const Where& where
);

/// For a word that is not among the field's choices.
Complaint wrong_choice(const Node& value, const Field& field, const Where& where);

/// "an object", for what stands where something else is due.
std::string_view kind_of(const Node& node);

}  // namespace pchat::config
