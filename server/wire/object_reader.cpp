// SPDX-License-Identifier: Apache-2.0
#include "server/wire/object_reader.h"

#include "base/suggest.h"
#include "base/time_text.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::wire {
namespace {

constexpr std::size_t most_fields = 64;  // of an object whose fields we know

std::string_view name_of(JsonKind kind) {
    switch (kind) {
    case JsonKind::null:
        return "null";
    case JsonKind::boolean:
        return "true or false";
    case JsonKind::integer:
        return "a number";
    case JsonKind::fraction:
        return "a number that is not whole or too big";
    case JsonKind::text:
        return "text";
    case JsonKind::list:
        return "a list";
    case JsonKind::object:
        return "an object";
    }
    return "something else";
}

// What was sent, short enough and harmless for a message.
std::string cited(std::string_view text) {
    constexpr std::size_t longest = 60;
    const std::string_view start = first_code_points(text, longest);
    return fmt::format("'{}{}'", printable(start), start.size() < text.size() ? "..." : "");
}

std::string listed(const std::vector<std::string_view>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out.append(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ").append(words[i]);
    return out;
}

}  // namespace

ObjectReader::ObjectReader(const JsonNode& object, std::string where)
    : object_(&object), where_(std::move(where)) {
    if (object.members > most_fields)
        refuse(
            {},
            "bad-request",
            Errc::usage,
            fmt::format("{}an object has {} fields", where_, object.members),
            fmt::format("at most {} are read", most_fields)
        );
}

std::string ObjectReader::called(const Spot& spot) const {
    if (spot.key)
        return fmt::format("{} in '{}{}'", cited(*spot.key), where_, spot.name);
    if (spot.index)
        return fmt::format("'{}{}[{}]'", where_, spot.name, *spot.index);
    return fmt::format("'{}{}'", where_, spot.name);
}

const JsonNode* ObjectReader::find(std::string_view name) const {
    if (problem_)
        return nullptr;
    const JsonNode* member = object_ + 1;
    for (std::uint32_t i = 0; i < object_->members; ++i, member += member->nodes)
        if (member->name == name)
            return member->kind == JsonKind::null ? nullptr : member;
    return nullptr;
}

const JsonNode* ObjectReader::find(
    std::string_view name, JsonKind kind, std::string_view expected
) {
    const JsonNode* const node = find(name);
    if (node == nullptr || node->kind == kind)
        return node;
    wrong_type({name}, *node, expected);
    return nullptr;
}

bool ObjectReader::has(std::string_view name) const {
    return find(name) != nullptr;
}

void ObjectReader::refuse(
    std::string_view name, std::string_view reason, Errc code, std::string message, std::string hint
) {
    if (problem_)
        return;
    problem_ = fail_as(reason, code, std::move(message), std::move(hint), name).value();
}

void ObjectReader::missing(std::string_view name) {
    refuse(name, "bad-request", Errc::usage, called({name}) + " is missing");
}

void ObjectReader::wrong_type(const Spot& spot, const JsonNode& node, std::string_view expected) {
    refuse(
        spot.name,
        "bad-request",
        Errc::usage,
        fmt::format("{} must be {}, not {}", called(spot), expected, name_of(node.kind))
    );
}

bool ObjectReader::check_text(const Spot& spot, std::string_view text, TextRule rule) {
    // The usual text has no more bytes than the rule allows characters: it need not be counted.
    const bool short_enough = text.size() <= rule.max && !text.empty() && rule.min <= 1;
    const std::size_t length = short_enough ? text.size() : count_code_points(text);
    if (length > rule.max)
        refuse(
            spot.name,
            "too-long",
            Errc::invalid,
            fmt::format("{} has {} characters, {} are allowed", called(spot), length, rule.max)
        );
    else if (length < rule.min)
        refuse(
            spot.name,
            "bad-value",
            Errc::invalid,
            length == 0
                ? called(spot) + " is empty"
                : fmt::format("{} has {} characters, it needs {}", called(spot), length, rule.min)
        );
    else if (text.find('\0') != std::string_view::npos)
        refuse(
            spot.name,
            "bad-value",
            Errc::invalid,
            called(spot) + " holds the character U+0000, which cannot be stored"
        );
    return !problem_;
}

bool ObjectReader::check_number(const Spot& spot, std::int64_t number, NumberRule rule) {
    if (number >= rule.min && number <= rule.max)
        return true;
    const bool open = rule.max == std::numeric_limits<std::int64_t>::max();
    const std::string range =
        open ? fmt::format("{} or more", rule.min) : fmt::format("{} to {}", rule.min, rule.max);
    refuse(
        spot.name,
        "bad-value",
        Errc::invalid,
        fmt::format("{} is {}, it must be {}", called(spot), number, range)
    );
    return false;
}

bool ObjectReader::check_count(std::string_view name, std::size_t count, std::size_t max) {
    if (count <= max)
        return true;
    refuse(
        name,
        "too-long",
        Errc::invalid,
        fmt::format("{} has {} items, {} are allowed", called({name}), count, max)
    );
    return false;
}

std::optional<std::string_view> ObjectReader::optional_text(std::string_view name, TextRule rule) {
    const JsonNode* const node = find(name, JsonKind::text, "text");
    if (node == nullptr || !check_text({name}, node->text, rule))
        return std::nullopt;
    return node->text;
}

std::string_view ObjectReader::required_text(std::string_view name, TextRule rule) {
    if (!has(name))
        missing(name);
    return optional_text(name, rule).value_or(std::string_view{});
}

std::optional<bool> ObjectReader::optional_bool(std::string_view name) {
    const JsonNode* const node = find(name, JsonKind::boolean, "true or false");
    return node == nullptr ? std::nullopt : std::optional{node->truth};
}

std::optional<std::int64_t> ObjectReader::optional_int(std::string_view name, NumberRule rule) {
    const JsonNode* const node = find(name, JsonKind::integer, "a whole number");
    if (node == nullptr || !check_number({name}, node->integer, rule))
        return std::nullopt;
    return node->integer;
}

std::int64_t ObjectReader::required_int(std::string_view name, NumberRule rule) {
    if (!has(name))
        missing(name);
    return optional_int(name, rule).value_or(rule.min);
}

std::optional<Microseconds> ObjectReader::optional_time(std::string_view name) {
    const JsonNode* const node = find(name, JsonKind::text, "a time as text");
    if (node == nullptr)
        return std::nullopt;
    const auto at = parse_time(node->text);
    if (!at)
        refuse(
            name,
            "bad-value",
            Errc::invalid,
            fmt::format("{} is {}, which is no time", called({name}), cited(node->text)),
            "write times as 2026-01-31T18:30:00Z"
        );
    return at;
}

std::optional<std::size_t> ObjectReader::optional_choice(
    std::string_view name, const std::vector<std::string_view>& words
) {
    const JsonNode* const node = find(name, JsonKind::text, "text");
    if (node == nullptr)
        return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), node->text);
    if (found != words.end())
        return static_cast<std::size_t>(found - words.begin());
    const auto near = nearest(first_code_points(node->text, 32), words);
    refuse(
        name,
        "bad-value",
        Errc::invalid,
        fmt::format("{} is {}, it must be {}", called({name}), cited(node->text), listed(words)),
        near ? fmt::format("did you mean '{}'?", *near) : ""
    );
    return std::nullopt;
}

std::optional<std::vector<std::string>> ObjectReader::text_list(
    std::string_view name, ListRule rule
) {
    const JsonNode* const node = find(name, JsonKind::list, "a list");
    if (node == nullptr || !check_count(name, node->members, rule.max))
        return std::nullopt;
    std::vector<std::string> texts;
    texts.reserve(node->members);
    const JsonNode* member = node + 1;
    for (std::uint32_t i = 0; i < node->members; ++i, member += member->nodes) {
        if (member->kind != JsonKind::text)
            wrong_type({name, i}, *member, "text");
        else
            check_text({name, i}, member->text, rule.item);
        if (problem_)
            return std::nullopt;
        texts.emplace_back(member->text);
    }
    return texts;
}

std::optional<std::vector<std::pair<std::string, std::int64_t>>> ObjectReader::number_map(
    std::string_view name, ListRule rule, NumberRule numbers
) {
    const JsonNode* const node = find(name, JsonKind::object, "an object");
    if (node == nullptr || !check_count(name, node->members, rule.max))
        return std::nullopt;
    std::vector<std::pair<std::string, std::int64_t>> entries;
    entries.reserve(node->members);
    const JsonNode* member = node + 1;
    for (std::uint32_t i = 0; i < node->members; ++i, member += member->nodes) {
        const Spot spot{name, {}, member->name};
        if (member->kind != JsonKind::integer)
            wrong_type(spot, *member, "a whole number");
        else if (check_text(spot, member->name, rule.item))
            check_number(spot, member->integer, numbers);
        if (problem_)
            return std::nullopt;
        entries.emplace_back(member->name, member->integer);
    }
    return entries;
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name, std::size_t max) {
    std::vector<ObjectReader> readers;
    const JsonNode* const node = find(name, JsonKind::list, "a list of objects");
    if (node == nullptr || !check_count(name, node->members, max))
        return readers;
    readers.reserve(node->members);
    const JsonNode* member = node + 1;
    for (std::uint32_t i = 0; i < node->members; ++i, member += member->nodes) {
        if (member->kind != JsonKind::object) {
            wrong_type({name, i}, *member, "an object");
            return {};
        }
        readers.emplace_back(*member, fmt::format("{}{}[{}].", where_, name, i));
    }
    return readers;
}

std::optional<ObjectReader> ObjectReader::optional_object(std::string_view name) {
    const JsonNode* const node = find(name, JsonKind::object, "an object");
    if (node == nullptr)
        return std::nullopt;
    return ObjectReader{*node, fmt::format("{}{}.", where_, name)};
}

void ObjectReader::adopt(std::string_view name, const ObjectReader& inner) {
    if (problem_ || !inner.problem_)
        return;
    problem_ = inner.problem_;
    problem_->field = name;
}

}  // namespace pchat::wire
