// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_value.h"

#include "base/config/scalar.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology::yaml {
namespace {

using config::NodeKind;
using config::ScalarStyle;

// More than the reader of this program asks for: quotes too many do no harm, and other readers know
// more numbers (.5), dates and times. An IPv4 address is none of them.
bool could_be_number(std::string_view text) {
    const std::string lower = lower_ascii(text);
    if (std::string_view{"0123456789+-."}.find(lower.front()) == std::string_view::npos)
        return false;
    const bool dotted = lower.find_first_not_of("0123456789.") == std::string::npos;
    if (dotted && std::count(lower.begin(), lower.end(), '.') >= 2)
        return false;
    return lower == ".inf" || lower == ".nan" ||
           lower.find_first_not_of("0123456789+-._:abcdefxotz") == std::string::npos;
}

bool could_be_no_text(std::string_view text) {
    return text == "~" || text == "<<" || lower_ascii(text) == "null" ||
           config::is_boolean_word(text) || could_be_number(text);
}

std::string double_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02X}", byte);
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string single_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += '\'';
        out += c;
    }
    return out + '\'';
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

}  // namespace

Value Value::scalar(std::string text, Quoting quoting) {
    Value value;
    value.kind = NodeKind::scalar;
    value.quoting = quoting;
    value.text = std::move(text);
    return value;
}

Value Value::list(std::vector<Value> items) {
    Value value;
    value.kind = NodeKind::sequence;
    value.items = std::move(items);
    return value;
}

Value Value::map(std::vector<ValueEntry> entries) {
    Value value;
    value.kind = NodeKind::mapping;
    value.entries = std::move(entries);
    return value;
}

Value* Value::find(std::string_view key) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const ValueEntry& entry) {
        return entry.key == key;
    });
    return found == entries.end() ? nullptr : &found->value;
}

Value value_of(const config::Node& node) {
    Value value;
    value.kind = node.kind;
    value.text = node.value;
    for (const config::Node& item : node.items)
        value.items.push_back(value_of(item));
    for (const config::Entry& entry : node.entries)
        value.entries.push_back({entry.key.value, value_of(entry.value)});
    return value;
}

bool same(const Value& a, const Value& b) {
    if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() ||
        a.entries.size() != b.entries.size())
        return false;
    for (std::size_t i = 0; i < a.items.size(); ++i)
        if (!same(a.items[i], b.items[i]))
            return false;
    return std::all_of(a.entries.begin(), a.entries.end(), [&](const ValueEntry& mine) {
        return std::any_of(b.entries.begin(), b.entries.end(), [&](const ValueEntry& theirs) {
            return mine.key == theirs.key && same(mine.value, theirs.value);
        });
    });
}

bool plain_is_safe(std::string_view text, Inside inside) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || has_control(text))
        return false;
    if (std::string_view{"-?,[]{}#&*!|>'\"%@`="}.find(text.front()) != std::string_view::npos)
        return false;
    // A colon would do between letters, but `a:b` is what people stumble over.
    if (text.find(':') != std::string_view::npos || text.find(" #") != std::string_view::npos)
        return false;
    if (inside == Inside::flow && text.find_first_of(",[]{}") != std::string_view::npos)
        return false;
    return !text.starts_with("...") && !could_be_no_text(text);
}

std::string render_scalar(const Value& value, ScalarStyle wanted, Inside inside) {
    if (value.quoting == Quoting::never)
        return value.text;
    if (wanted == ScalarStyle::single_quoted && !has_control(value.text))
        return single_quoted(value.text);
    if (wanted == ScalarStyle::double_quoted ||
        (value.quoting == Quoting::as_needed && !plain_is_safe(value.text, inside)))
        return double_quoted(value.text);
    return value.text;
}

std::string render_flow(const Value& value) {
    std::string inner;
    switch (value.kind) {
    case NodeKind::null:
    case NodeKind::broken:
        return "~";
    case NodeKind::scalar:
        return render_scalar(value, ScalarStyle::plain, Inside::flow);
    case NodeKind::sequence:
        for (const Value& item : value.items)
            inner += (inner.empty() ? "" : ", ") + render_flow(item);
        return "[" + inner + "]";
    case NodeKind::mapping:
        for (const ValueEntry& entry : value.entries)
            inner += fmt::format(
                "{}{}: {}", inner.empty() ? "" : ", ", entry.key, render_flow(entry.value)
            );
        return "{" + inner + "}";
    }
    return {};
}

}  // namespace pchat::topology::yaml
