// SPDX-License-Identifier: Apache-2.0
#include "server/wire/json_document.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstddef>
#include <limits>

namespace pchat::wire {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t deepest = 16 + 1;        // simdjson refuses what reaches its limit
constexpr std::size_t first_capacity = 4'096;  // bytes; grows when a longer text comes

// Copies what simdjson found, children behind their parent.
class Flattener {
public:
    Flattener(std::vector<JsonNode>& nodes, std::size_t most) : nodes_(nodes), most_(most) {}

    // False when there are too many. `deepest` bounds the recursion.
    bool add(const dom::element& element, std::string_view name) {
        if (nodes_.size() == most_)
            return false;
        const std::size_t own = nodes_.size();
        nodes_.push_back(JsonNode{.name = name});
        if (!fill(element, own))
            return false;
        nodes_[own].nodes = static_cast<std::uint32_t>(nodes_.size() - own);
        return true;
    }

private:
    bool fill(const dom::element& element, std::size_t own) {
        JsonNode& node = nodes_[own];
        switch (element.type()) {
        case dom::element_type::NULL_VALUE:
            node.kind = JsonKind::null;
            return true;
        case dom::element_type::BOOL:
            node.kind = JsonKind::boolean;
            node.truth = element.get_bool().value_unsafe();
            return true;
        case dom::element_type::INT64:
            node.kind = JsonKind::integer;
            node.integer = element.get_int64().value_unsafe();
            return true;
        case dom::element_type::UINT64:  // only what an int64 does not hold
        case dom::element_type::DOUBLE:
            node.kind = JsonKind::fraction;
            return true;
        case dom::element_type::STRING:
            node.kind = JsonKind::text;
            node.text = element.get_string().value_unsafe();
            return true;
        case dom::element_type::ARRAY:
            node.kind = JsonKind::list;
            return fill_list(element, own);
        case dom::element_type::OBJECT:
            node.kind = JsonKind::object;
            return fill_object(element, own);
        }
        return false;
    }

    bool fill_list(const dom::element& element, std::size_t own) {
        const dom::array list = element.get_array().value_unsafe();
        for (const dom::element member : list) {
            if (!add(member, {}))
                return false;
            ++nodes_[own].members;
        }
        return true;
    }

    bool fill_object(const dom::element& element, std::size_t own) {
        const dom::object object = element.get_object().value_unsafe();
        for (const dom::key_value_pair member : object) {
            if (!add(member.value, member.key))
                return false;
            ++nodes_[own].members;
        }
        return true;
    }

    std::vector<JsonNode>& nodes_;
    std::size_t most_;
};

tl::unexpected<Error> refused(std::string message, std::string hint = {}) {
    return fail_as("bad-json", Errc::usage, std::move(message), std::move(hint));
}

tl::unexpected<Error> refused(simdjson::error_code code) {
    switch (code) {
    case simdjson::EMPTY:
        return refused("the text is empty", "send one JSON object");
    case simdjson::UTF8_ERROR:
        return refused("the text is not UTF-8");
    case simdjson::DEPTH_ERROR:
        return refused("the JSON is nested too deep", "at most 16 levels are read");
    case simdjson::STRING_ERROR:
        return refused(
            "a string has an escape that means nothing",
            "a surrogate (\\ud83d) needs the other half behind it"
        );
    case simdjson::NUMBER_ERROR:
        return refused("a number cannot be read");
    default:
        return refused("this is not JSON", "send one JSON object, with nothing behind it");
    }
}

}  // namespace

struct JsonDocument::Parser {
    dom::parser parser;
};

JsonDocument::JsonDocument() : parser_(std::make_unique<Parser>()) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

Result<const JsonNode*> JsonDocument::parse(std::string_view text, std::size_t most_values) {
    nodes_.clear();
    dom::parser& parser = parser_->parser;
    // The depth can be set only together with the capacity; growing keeps it.
    if (parser.capacity() == 0)
        if (const auto code = parser.allocate(first_capacity, deepest); code != simdjson::SUCCESS)
            return fail(Errc::internal, "no memory for reading JSON");
    dom::element root;
    // simdjson reads beyond the end: it copies the text into a buffer of its own that allows that.
    if (const auto code = parser.parse(text.data(), text.size()).get(root);
        code != simdjson::SUCCESS)
        return refused(code);
    if (!root.is_object())
        return refused("this is JSON, but no object", "send one JSON object: {...}");
    if (!Flattener{nodes_, most_values}.add(root, {}))
        return refused(fmt::format("the JSON has more than {} values", most_values));
    return nodes_.data();
}

}  // namespace pchat::wire
