// SPDX-License-Identifier: Apache-2.0
#include "base/config/read_scalar.h"

#include "base/config/scalar.h"
#include "base/suggest.h"
#include "base/unicode.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace pchat::config {
namespace {

// A value as messages show it: longer ones are cut (the caret shows the rest), secrets not at all.
std::string quoted(const Node& value, const Field& field) {
    if (field.secret)
        return "something that is not shown here";
    constexpr std::size_t longest = 60;
    const std::string shown = printable(std::string_view{value.value}.substr(0, longest));
    return fmt::format("\"{}{}\"", shown, value.value.size() > longest ? "..." : "");
}

std::string one_of(const std::vector<std::string_view>& choices) {
    if (choices.size() == 1)
        return std::string{choices.front()};
    const std::vector<std::string_view> head(choices.begin(), choices.end() - 1);
    return fmt::format("{} or {}", fmt::join(head, ", "), choices.back());
}

std::optional<Complaint> read_boolean(
    const Node& value, const Field& field, bool& out, const Where& where
) {
    const bool plain = value.kind == NodeKind::scalar && value.style == ScalarStyle::plain;
    if (plain && (value.value == "true" || value.value == "false")) {
        out = value.value == "true";
        return std::nullopt;
    }
    std::string hint;
    if (value.kind == NodeKind::scalar && is_boolean_word(value.value)) {
        const std::string word = lower_ascii(value.value);
        const bool yes = word.front() == 't' || word.front() == 'y' || word == "on";
        hint = fmt::format("write {}: {}", field.key, yes);
    }
    return wrong_type(value, field, where, "true or false", hint);
}

std::string integer_hint(const Node& value) {
    if (value.kind != NodeKind::scalar)
        return {};
    if (value.style != ScalarStyle::plain && is_plain_integer(value.value))
        return fmt::format("write it without quotes: {}", value.value);
    if (value.value.size() > 1 && value.value.front() == '0' && looks_like_number(value.value))
        return "write it in decimal without a leading 0: readers disagree on what it means";
    return looks_like_number(value.value) ? "write it out in decimal digits" : "";
}

std::optional<Complaint> read_integer(
    const Node& value, const Field& field, std::int64_t& out, const Where& where
) {
    const std::string& text = value.value;
    const bool plain = value.kind == NodeKind::scalar && value.style == ScalarStyle::plain;
    if (!plain || !is_plain_integer(text))
        return wrong_type(value, field, where, "a whole number", integer_hint(value));
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure == std::errc::result_out_of_range || number < field.min || number > field.max)
        return Complaint{
            field.range_rule,
            fmt::format(
                "{} must be from {} to {}, got {}",
                where.field_of(field.key),
                field.min,
                field.max,
                text.substr(0, 40)
            )};
    out = number;
    return std::nullopt;
}

std::optional<Complaint> read_choice(
    const Node& value, const Field& field, Object& object, const Where& where
) {
    if (value.kind != NodeKind::scalar)
        return wrong_type(
            value, field, where, fmt::format("one of {}", fmt::join(field.choices, ", "))
        );
    const auto found = std::find(field.choices.begin(), field.choices.end(), value.value);
    if (found == field.choices.end())
        return wrong_choice(value, field, where);
    field.access.choose(object, static_cast<int>(found - field.choices.begin()));
    return std::nullopt;
}

}  // namespace

std::string_view kind_of(const Node& node) {
    switch (node.kind) {
    case NodeKind::null:
        return "nothing";
    case NodeKind::sequence:
        return "a list";
    case NodeKind::mapping:
        return "an object";
    default:
        return "a value";
    }
}

Complaint wrong_type(
    const Node& value,
    const Field& field,
    const Where& where,
    std::string_view due,
    std::string hint
) {
    const std::string got =
        value.kind == NodeKind::scalar ? quoted(value, field) : std::string{kind_of(value)};
    return {
        "SHAPE-02",
        fmt::format("{} must be {}, got {}", where.field_of(field.key), due, got),
        std::move(hint)};
}

Complaint wrong_choice(const Node& value, const Field& field, const Where& where) {
    const auto guess = nearest(value.value, field.choices);
    return {
        "SHAPE-06",
        fmt::format(
            "{} must be {}, got {}",
            where.field_of(field.key),
            one_of(field.choices),
            quoted(value, field)
        ),
        {},
        guess ? fmt::format("did you mean '{}'?", *guess) : ""};
}

std::optional<Complaint> read_text(
    const Node& value, const Field& field, std::string& out, const Where& where
) {
    if (value.kind != NodeKind::scalar)
        return wrong_type(value, field, where, "a text");
    const bool boolean = is_boolean_word(value.value);
    const bool ambiguous =
        value.style == ScalarStyle::plain && (boolean || looks_like_number(value.value));
    if (ambiguous && field.kind != FieldKind::label)
        return wrong_type(
            value,
            field,
            where,
            fmt::format(
                "a text, and YAML readers take this for {}", boolean ? "a boolean" : "a number"
            ),
            field.secret ? "put it in quotes"
                         : fmt::format("put it in quotes: \"{}\"", printable(value.value))
        );
    const std::size_t length = count_code_points(value.value);
    if (length > field.max_length)
        return Complaint{
            "SHAPE-07",
            fmt::format(
                "{} has {} characters, at most {} are allowed",
                where.field_of(field.key),
                length,
                field.max_length
            )};
    if (printable(value.value) != value.value)
        return Complaint{
            "SHAPE-02",
            fmt::format(
                "{} holds control or direction characters: {}",
                where.field_of(field.key),
                quoted(value, field)
            ),
            "remove them; they would change how the text shows"};
    out = value.value;
    return std::nullopt;
}

namespace {

std::optional<Complaint> read_by_kind(
    const Node& value, const Field& field, Object& object, const Where& where
) {
    switch (field.kind) {
    case FieldKind::boolean:
        return read_boolean(value, field, *field.access.boolean(object), where);
    case FieldKind::integer:
        return read_integer(value, field, *field.access.integer(object), where);
    case FieldKind::choice:
        return read_choice(value, field, object, where);
    default:
        return read_text(value, field, *field.access.text(object), where);
    }
}

}  // namespace

std::optional<Complaint> read_scalar(
    const Node& value, const Field& field, Object& object, const Where& where
) {
    std::optional<Complaint> complaint = read_by_kind(value, field, object, where);
    if (complaint)
        complaint->secret = field.secret;
    return complaint;
}

}  // namespace pchat::config
