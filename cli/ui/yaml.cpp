// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What YAML 1.1 or 1.2 readers take for something else than a string.
bool looks_like_a_word_of_yaml(const std::string& text) {
    constexpr std::array words{
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", ".nan", ".inf"};
    const std::string lower = lower_ascii(text);
    return std::any_of(words.begin(), words.end(), [&lower](const char* word) {
        return lower == word;
    });
}

/// Numbers, dates, versions: anything that starts like one is quoted, which never hurts.
bool looks_like_a_number(const std::string& text) {
    const std::size_t sign = text[0] == '+' || text[0] == '-' ? 1 : 0;
    const std::size_t start = sign + (text.size() > sign && text[sign] == '.' ? 1 : 0);
    return text.size() > start && text[start] >= '0' && text[start] <= '9';
}

bool is_plain(const std::string& text) {
    constexpr std::string_view never_first = "-?:,[]{}#&*!|>'\"%@` =<~";
    if (text.empty() || text.back() == ' ' || text.back() == ':' ||
        never_first.find(text[0]) != never_first.npos)
        return false;
    if (text.find(": ") != text.npos || text.find(" #") != text.npos || printable(text) != text)
        return false;
    return !looks_like_a_word_of_yaml(text) && !looks_like_a_number(text);
}

std::string scalar(const Json& value) {
    if (!value.is_string())
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto& text = value.get_ref<const std::string&>();
    // A JSON string is a double-quoted YAML string.
    return is_plain(text) ? text : value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void write(std::string& out, const Json& value, std::size_t depth, bool in_list);

bool is_block(const Json& value) {
    return value.is_structured() && !value.empty();
}

void write_member(std::string& out, const std::string& key, const Json& value, std::size_t depth) {
    out += scalar(Json(key)) + ":";
    if (is_block(value)) {
        out += "\n";
        write(out, value, value.is_array() ? depth : depth + 1, /*in_list=*/false);
    } else {
        out += " " + scalar(value) + "\n";
    }
}

void write(std::string& out, const Json& value, std::size_t depth, bool in_list) {
    const std::string margin(depth * 2, ' ');
    bool after_dash = in_list;  // the first line stands behind the "- " of the list
    if (value.is_array()) {
        for (const Json& item : value) {
            out += (after_dash ? "" : margin) + "- ";
            after_dash = false;
            if (is_block(item))
                write(out, item, depth + 1, /*in_list=*/true);
            else
                out += scalar(item) + "\n";
        }
    } else {
        for (const auto& [key, member] : value.items()) {
            out += after_dash ? "" : margin;
            after_dash = false;
            write_member(out, key, member, depth);
        }
    }
}

}  // namespace

std::string to_yaml(const Json& value) {
    if (!is_block(value))
        return scalar(value) + "\n";
    std::string text;
    write(text, value, 0, /*in_list=*/false);
    return text;
}

}  // namespace pchat::cli
