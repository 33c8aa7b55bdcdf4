// SPDX-License-Identifier: Apache-2.0
#include "base/config/read.h"

#include "base/suggest.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace pchat::config {
namespace {

// Longer values are cut in messages; the caret shows the rest.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string shown = printable(text.substr(0, longest));
    return fmt::format("\"{}{}\"", shown, text.size() > longest ? "..." : "");
}

std::string_view article_kind(const Node& node) {
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

bool is_boolean_word(std::string_view text) {
    static const std::set<std::string, std::less<>> words{"true", "false", "yes", "no", "on", "off", "y", "n"};
    return words.contains(lower_ascii(text));
}

bool looks_like_number(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    if (text.empty())
        return false;
    const std::string low = lower_ascii(text);
    if (low == ".inf" || low == ".nan")
        return true;
    if (low.starts_with("0x") || low.starts_with("0o") || low.starts_with("0b"))
        return low.size() > 2 && low.find_first_not_of("0123456789abcdef_", 2) == std::string::npos;
    const bool numeric = low.find_first_not_of("0123456789._e+-:") == std::string::npos;
    // 10:30 is a number to YAML 1.1 readers; 10.0.0.1 is none to anybody.
    return numeric && low.front() >= '0' && low.front() <= '9' && std::count(low.begin(), low.end(), '.') <= 1 &&
           low.find_first_of("0123456789") != std::string::npos && low.find('-', 1) == std::string::npos;
}

bool is_plain_integer(std::string_view text) {
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
           (text.size() == 1 || text.front() != '0');
}

class Reader {
public:
    Reader(std::vector<Diagnostic>& problems) : problems_(problems) {}

    void read(const Node& node, const Shape& shape, Object& object, const std::string& where) {
        object.whole = node.span;
        object.at = place_of(node, shape);
        if (node.kind != NodeKind::mapping) {
            object.state = State::bad;
            mark_all_bad(shape, object);
            if (node.kind != NodeKind::broken)
                report("SHAPE-02", node.span, where, fmt::format("{} must be an object, got {}", where, article_kind(node)));
            return;
        }
        object.state = State::given;
        std::set<std::string_view> hidden = read_known(node, shape, object, where);
        for (const Field& field : shape.fields) {
            if (node.find(field.key) != nullptr)
                continue;
            if (hidden.contains(field.key) || node.incomplete)
                mark_bad(field, object);
            else
                absent(field, object, where);
        }
    }

private:
    void report(
        std::string_view rule, Span at, const std::string& subject, std::string message, std::string hint = {}, std::string remark = {}
    ) {
        problems_.push_back(
            {.rule = std::string{rule},
             .at = at,
             .subject = subject,
             .message = std::move(message),
             .hint = std::move(hint),
             .remark = std::move(remark)}
        );
    }

    static Span place_of(const Node& node, const Shape& shape) {
        if (node.kind != NodeKind::mapping || node.entries.empty())
            return node.span;
        const Entry* name = shape.name_key.empty() ? nullptr : node.find(shape.name_key);
        if (name != nullptr && name->value.kind == NodeKind::scalar)
            return name->value.span;
        return node.entries.front().key.span;
    }

    // Reads the entries; returns the fields that were surely meant by an unknown key.
    std::set<std::string_view> read_known(const Node& node, const Shape& shape, Object& object, const std::string& where) {
        std::set<std::string_view> hidden;
        for (const Entry& entry : node.entries) {
            const Field* field = shape.find(entry.key.value);
            if (field != nullptr) {
                read_field(entry, *field, object, where);
                continue;
            }
            std::vector<std::string_view> free;
            for (const Field& candidate : shape.fields)
                if (node.find(candidate.key) == nullptr)
                    free.push_back(candidate.key);
            auto guess = nearest(entry.key.value, free);
            if (guess)
                hidden.insert(shape.find(*guess)->key);
            else
                guess = nearest(entry.key.value, keys_of(shape));
            report(
                "SHAPE-04",
                entry.key.span,
                where,
                fmt::format("unknown key '{}' in {}", printable(entry.key.value.substr(0, 60)), where),
                guess ? "" : fmt::format("known keys: {}", fmt::join(keys_of(shape), ", ")),
                guess ? fmt::format("did you mean '{}'?", *guess) : ""
            );
        }
        return hidden;
    }

    static std::vector<std::string_view> keys_of(const Shape& shape) {
        std::vector<std::string_view> keys;
        for (const Field& field : shape.fields)
            keys.push_back(field.key);
        return keys;
    }

    void absent(const Field& field, Object& object, const std::string& where) {
        // Where a missing value would stand: what judges it points at the object.
        place_absent(field, object);
        if (field.required)
            missing(field, object.at, where);
    }

    void missing(const Field& field, Span at, const std::string& where) {
        std::string message = field.missing_text.empty() ? fmt::format("{} has no '{}'", where, field.key)
                                                         : fmt::format("{} {}", where, field.missing_text);
        report(field.missing_rule, at, where, std::move(message), fmt::format("add '{}': {}", field.key, field.doc));
    }

    static void place_absent(const Field& field, Object& object) {
        field.access.slot(object).at = object.at;
    }

    static void mark_bad(const Field& field, Object& object) {
        Slot& slot = field.access.slot(object);
        slot.at = object.at;
        slot.state = State::bad;
        if (field.kind == FieldKind::object)
            mark_all_bad(field.shape(), field.access.child(object));
    }

    static void mark_all_bad(const Shape& shape, Object& object) {
        for (const Field& field : shape.fields)
            mark_bad(field, object);
    }

    void read_field(const Entry& entry, const Field& field, Object& object, const std::string& where) {
        const Node& value = entry.value;
        if (value.kind == NodeKind::broken)
            return mark_bad(field, object);
        if (value.kind == NodeKind::null && field.kind != FieldKind::object) {
            mark_bad(field, object);
            if (field.required)
                return missing(field, entry.key.span, where);
            return report(
                "SHAPE-02", entry.key.span, where, fmt::format("'{}' of {} has no value", field.key, where), "give it one, or remove the key"
            );
        }
        switch (field.kind) {
        case FieldKind::object:
            return read(value, field.shape(), field.access.child(object), fmt::format("'{}' of {}", field.key, where));
        case FieldKind::object_list:
            return read_objects(value, field, object, where);
        case FieldKind::text_list:
            return read_texts(value, field, object, where);
        default:
            break;
        }
        const bool good = read_scalar(value, field, object, where);
        Slot& slot = field.access.slot(object);
        slot.at = value.span;
        slot.state = good ? State::given : State::bad;
    }

    void wrong_type(const Node& value, const Field& field, const std::string& where, std::string_view due, std::string hint = {}) {
        const std::string got = value.kind == NodeKind::scalar ? quoted(value.value) : std::string{article_kind(value)};
        report("SHAPE-02", value.span, where, fmt::format("'{}' of {} must be {}, got {}", field.key, where, due, got), std::move(hint));
    }

    bool read_scalar(const Node& value, const Field& field, Object& object, const std::string& where) {
        switch (field.kind) {
        case FieldKind::text:
        case FieldKind::label:
            return read_text(value, field, *field.access.text(object), where);
        case FieldKind::boolean:
            return read_boolean(value, field, *field.access.boolean(object), where);
        case FieldKind::integer:
            return read_integer(value, field, *field.access.integer(object), where);
        case FieldKind::choice:
            return read_choice(value, field, object, where);
        default:
            return false;
        }
    }

    bool read_text(const Node& value, const Field& field, std::string& out, const std::string& where) {
        if (value.kind != NodeKind::scalar) {
            wrong_type(value, field, where, "a text");
            return false;
        }
        const bool ambiguous = value.style == ScalarStyle::plain && (is_boolean_word(value.value) || looks_like_number(value.value));
        if (ambiguous && field.kind != FieldKind::label) {
            const std::string_view taken_for = is_boolean_word(value.value) ? "a boolean" : "a number";
            wrong_type(
                value,
                field,
                where,
                fmt::format("a text, and YAML readers take this for {}", taken_for),
                fmt::format("put it in quotes: {}: \"{}\"", field.key, printable(value.value))
            );
            return false;
        }
        const std::size_t length = count_code_points(value.value);
        if (length > field.max_length) {
            report(
                "SHAPE-07",
                value.span,
                where,
                fmt::format("'{}' of {} has {} characters, at most {} are allowed", field.key, where, length, field.max_length)
            );
            return false;
        }
        if (printable(value.value) != value.value) {
            report(
                "SHAPE-02",
                value.span,
                where,
                fmt::format("'{}' of {} holds control or direction characters: {}", field.key, where, quoted(value.value)),
                "remove them; they would change how the text shows"
            );
            return false;
        }
        out = value.value;
        return true;
    }

    bool read_boolean(const Node& value, const Field& field, bool& out, const std::string& where) {
        const bool plain = value.kind == NodeKind::scalar && value.style == ScalarStyle::plain;
        if (plain && (value.value == "true" || value.value == "false")) {
            out = value.value == "true";
            return true;
        }
        std::string hint;
        if (value.kind == NodeKind::scalar && is_boolean_word(value.value)) {
            const char first = lower_ascii(value.value).front();
            const bool yes = first == 't' || first == 'y' || lower_ascii(value.value) == "on";
            hint = fmt::format("write {}: {}", field.key, yes);
        }
        wrong_type(value, field, where, "true or false", hint);
        return false;
    }

    bool read_integer(const Node& value, const Field& field, std::int64_t& out, const std::string& where) {
        const std::string& text = value.value;
        std::int64_t number = 0;
        const bool written_well = value.kind == NodeKind::scalar && value.style == ScalarStyle::plain && is_plain_integer(text);
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool too_long = failure == std::errc::result_out_of_range;
        if (!written_well || (failure != std::errc{} && !too_long)) {
            wrong_type(value, field, where, "a whole number", integer_hint(value));
            return false;
        }
        if (too_long || number < field.min || number > field.max) {
            report(
                field.range_rule, value.span, where, fmt::format("'{}' of {} must be from {} to {}, got {}", field.key, where, field.min, field.max, text.substr(0, 40))
            );
            return false;
        }
        out = number;
        return true;
    }

    static std::string integer_hint(const Node& value) {
        if (value.kind != NodeKind::scalar)
            return {};
        if (value.style != ScalarStyle::plain && is_plain_integer(value.value))
            return fmt::format("write it without quotes: {}", value.value);
        if (value.value.size() > 1 && value.value.front() == '0' && looks_like_number(value.value))
            return "write it in decimal without a leading 0: readers disagree on what it means";
        if (looks_like_number(value.value))
            return "write it out in decimal digits";
        return {};
    }

    bool read_choice(const Node& value, const Field& field, Object& object, const std::string& where) {
        if (value.kind != NodeKind::scalar) {
            wrong_type(value, field, where, fmt::format("one of {}", fmt::join(field.choices, ", ")));
            return false;
        }
        const auto found = std::find(field.choices.begin(), field.choices.end(), value.value);
        if (found != field.choices.end()) {
            field.access.choose(object, static_cast<int>(found - field.choices.begin()));
            return true;
        }
        const auto guess = nearest(value.value, field.choices);
        report(
            "SHAPE-06",
            value.span,
            where,
            fmt::format("'{}' of {} must be {}, got {}", field.key, where, one_of(field.choices), quoted(value.value)),
            {},
            guess ? fmt::format("did you mean '{}'?", *guess) : ""
        );
        return false;
    }

    static std::string one_of(const std::vector<std::string_view>& choices) {
        if (choices.size() == 1)
            return std::string{choices.front()};
        std::vector<std::string_view> head(choices.begin(), choices.end() - 1);
        return fmt::format("{} or {}", fmt::join(head, ", "), choices.back());
    }

    void read_texts(const Node& value, const Field& field, Object& object, const std::string& where) {
        List<Located<std::string>>& list = *field.access.texts(object);
        list.at = value.span;
        if (value.kind != NodeKind::sequence) {
            list.state = State::bad;
            return wrong_type(value, field, where, "a list", "write [a, b], or one '- ' line for each");
        }
        list.state = State::given;
        for (const Node& item : value.items) {
            Located<std::string> text;
            text.at = item.span;
            text.state = State::given;
            const bool in_choices = field.choices.empty() || item.kind != NodeKind::scalar ||
                                    std::find(field.choices.begin(), field.choices.end(), item.value) != field.choices.end();
            if (item.kind != NodeKind::broken && !in_choices) {
                const auto guess = nearest(item.value, field.choices);
                report(
                    "SHAPE-06",
                    item.span,
                    where,
                    fmt::format("'{}' of {} takes {}, got {}", field.key, where, one_of(field.choices), quoted(item.value)),
                    {},
                    guess ? fmt::format("did you mean '{}'?", *guess) : ""
                );
            }
            if (item.kind == NodeKind::broken || !in_choices || !read_text(item, field, text.value, where))
                list.complete = false;
            else
                list.items.push_back(std::move(text));
        }
    }

    void read_objects(const Node& value, const Field& field, Object& object, const std::string& where) {
        Slot& list = field.access.slot(object);
        list.at = value.span;
        if (value.kind != NodeKind::sequence) {
            list.state = State::bad;
            return wrong_type(value, field, where, "a list", "begin each item with '- '");
        }
        list.state = State::given;
        const Shape& shape = field.shape();
        if (value.items.empty() && field.required) {
            // An empty list is there, but does not do what it is for.
            missing(field, value.span, where);
        }
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            const Node& item = value.items[i];
            if (item.kind != NodeKind::mapping) {
                field.access.set_incomplete(object);
                if (item.kind != NodeKind::broken)
                    report("SHAPE-02", item.span, where, fmt::format("{}[{}] must be an object, got {}", field.key, i, article_kind(item)));
                continue;
            }
            Object& read_item = field.access.append(object);
            const std::string fallback = fmt::format("{}[{}]", field.key, i);
            read(item, shape, read_item, describe(item, shape, fallback));
        }
    }

    std::vector<Diagnostic>& problems_;
};

}  // namespace

std::string describe(const Node& node, const Shape& shape, std::string_view fallback) {
    const Entry* name = shape.name_key.empty() ? nullptr : node.find(shape.name_key);
    if (name == nullptr || name->value.kind != NodeKind::scalar || name->value.value.empty())
        return std::string{fallback};
    return fmt::format("{} {}", shape.name, printable(name->value.value.substr(0, 80)));
}

void read_object(
    const Node& node, const Shape& shape, Object& object, std::vector<Diagnostic>& problems, const std::string& where
) {
    Reader{problems}.read(node, shape, object, where.empty() ? describe(node, shape, shape.name) : where);
}

}  // namespace pchat::config
