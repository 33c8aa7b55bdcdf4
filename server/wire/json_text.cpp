// SPDX-License-Identifier: Apache-2.0
#include "server/wire/json_text.h"

#include "base/time_text.h"
#include "base/unicode.h"

#include <array>
#include <charconv>
#include <cstring>

namespace pchat::wire {
namespace {

constexpr std::uint64_t every_byte = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

// Whether one of eight bytes is below 0x20, a quote or a backslash. May be wrong the safe way (a
// borrow marks a neighbour), never the other.
bool may_need_escape(std::uint64_t bytes) {
    const std::uint64_t control = bytes - every_byte * 0x20U;
    const std::uint64_t quote = (bytes ^ (every_byte * '"')) - every_byte;
    const std::uint64_t backslash = (bytes ^ (every_byte * '\\')) - every_byte;
    // A byte of 0x80 and more, part of a longer character, is none of them.
    return ((control | quote | backslash) & ~bytes & high_bits) != 0;
}

bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// The end of the run from `at` on that can be copied as it is.
std::size_t end_of_clean_run(std::string_view text, std::size_t at) {
    for (std::uint64_t bytes = 0; at + sizeof bytes <= text.size(); at += sizeof bytes) {
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        if (may_need_escape(bytes))
            break;
    }
    while (at < text.size() && !needs_escape(text[at]))
        ++at;
    return at;
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += hex[byte >> 4U];
    out += hex[byte & 0x0FU];
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = end_of_clean_run(text, at);
        out.append(text, at, end - at);
        if (end < text.size())
            append_escaped(out, text[end]);
        at = end + 1;
    }
    out += '"';
}

void append_number(std::string& out, std::int64_t number) {
    std::array<char, 20> digits{};  // "-9223372036854775808"
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

std::string well_formed(std::string_view text) {
    std::string out;
    while (const auto invalid = first_invalid_utf8(text)) {
        out.append(text.substr(0, *invalid)).append("\xEF\xBF\xBD");
        text.remove_prefix(*invalid + 1);
    }
    return out.append(text);
}

std::string& FieldWriter::name(std::string_view name) {
    if (!first_)
        out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
}

FieldWriter& FieldWriter::text(std::string_view name_of_text, std::string_view value) {
    append_text(name(name_of_text), value);
    return *this;
}

FieldWriter& FieldWriter::number(std::string_view name_of_number, std::int64_t value) {
    append_number(name(name_of_number), value);
    return *this;
}

FieldWriter& FieldWriter::boolean(std::string_view name_of_boolean, bool value) {
    name(name_of_boolean) += value ? "true" : "false";
    return *this;
}

FieldWriter& FieldWriter::time(std::string_view name_of_time, Microseconds value) {
    std::string& out = name(name_of_time);
    out += '"';
    append_time(out, value);
    out += '"';
    return *this;
}

FieldWriter& FieldWriter::json(std::string_view name_of_value, std::string_view value) {
    name(name_of_value) += value;
    return *this;
}

FieldWriter& FieldWriter::fields(std::string_view ready) {
    if (ready.empty())
        return *this;
    if (!first_)
        out_ += ',';
    first_ = false;
    out_ += ready;
    return *this;
}

}  // namespace pchat::wire
