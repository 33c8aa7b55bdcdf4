// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/wire/json_document.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::wire {

/// Code points a text may have.
struct TextRule {
    std::size_t min = 1;
    std::size_t max = 256;
};

struct NumberRule {
    std::int64_t min = 0;
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

struct ListRule {
    std::size_t max = 100;  // items
    TextRule item = {};
};

/// Takes the fields of one JSON object, checked. What is wrong first is remembered, and until
/// `problem()` is asked everything else gives harmless values. Unknown fields are ignored, null is
/// as good as absent, and of a field that comes twice the first counts. Names of fields are
/// literals: they go into Error::field. Texts live as long as the document.
///   ObjectReader in{*root};
///   std::string name{in.required_text("name", {1, 64})};
///   if (in.problem())
///       return pass(*in.problem());
class ObjectReader {
public:
    /// `where` goes before the names in messages: "rooms[3].".
    explicit ObjectReader(const JsonNode& object, std::string where = {});

    [[nodiscard]] bool has(std::string_view name) const;

    std::string_view required_text(std::string_view name, TextRule rule = {});
    std::optional<std::string_view> optional_text(std::string_view name, TextRule rule = {});
    std::optional<bool> optional_bool(std::string_view name);
    std::int64_t required_int(std::string_view name, NumberRule rule = {});
    std::optional<std::int64_t> optional_int(std::string_view name, NumberRule rule = {});
    /// RFC 3339.
    std::optional<Microseconds> optional_time(std::string_view name);
    /// The index of one of the words.
    std::optional<std::size_t> optional_choice(
        std::string_view name, const std::vector<std::string_view>& words
    );
    /// None when it is absent: an empty list is something else.
    std::optional<std::vector<std::string>> text_list(std::string_view name, ListRule rule = {});
    /// An object whose names are data: {"lobby":12}.
    std::optional<std::vector<std::pair<std::string, std::int64_t>>> number_map(
        std::string_view name, ListRule rule, NumberRule numbers = {}
    );
    /// The objects of a list, each with a reader of its own; hand the problems back by `adopt`.
    std::vector<ObjectReader> objects(std::string_view name, std::size_t max);
    std::optional<ObjectReader> optional_object(std::string_view name);
    /// Takes over what went wrong in an object within this one.
    void adopt(std::string_view name, const ObjectReader& inner);

    /// For rules between fields.
    void refuse(
        std::string_view name,
        std::string_view reason,
        Errc code,
        std::string message,
        std::string hint = {}
    );
    [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

private:
    // Where a value stands, to be put in words only when something is wrong with it.
    struct Spot {
        std::string_view name;                     // of the field
        std::optional<std::uint32_t> index = {};   // of an item in it
        std::optional<std::string_view> key = {};  // of an entry in it
    };

    const JsonNode* find(std::string_view name) const;
    const JsonNode* find(std::string_view name, JsonKind kind, std::string_view expected);
    void missing(std::string_view name);
    void wrong_type(const Spot& spot, const JsonNode& node, std::string_view expected);
    bool check_text(const Spot& spot, std::string_view text, TextRule rule);
    bool check_number(const Spot& spot, std::int64_t number, NumberRule rule);
    bool check_count(std::string_view name, std::size_t count, std::size_t max);
    [[nodiscard]] std::string called(const Spot& spot) const;

    const JsonNode* object_;
    std::string where_;
    std::optional<Error> problem_;
};

}  // namespace pchat::wire
