// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pchat {

/// Offset of the first byte that is not part of well-formed UTF-8, if any.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The code point at `offset`, which is moved past it; U+FFFD and one byte where the text is
/// malformed.
char32_t next_code_point(std::string_view text, std::size_t& offset);

std::size_t count_code_points(std::string_view text);

/// Columns a terminal gives the code point: 0 (combining), 1 or 2 (wide).
int display_width(char32_t code_point);
int display_width(std::string_view text);

/// For text that came from outside and goes to a terminal: control and bidirectional override
/// characters become \u{XX}, so that a file cannot repaint the screen of its reader.
std::string printable(std::string_view text);

/// ASCII only: names of hosts and keys.
std::string lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// The same characters composed, as most programs write them.
std::string nfc(std::string_view text);

/// NFC with cases folded: what two spellings of one name have in common.
std::string fold_case(std::string_view text);

/// What a code point is to the words of a text.
enum class WordPart : std::uint8_t {
    between,  // ends a word
    blank,    // ends it too, and what is written together
    ignored,  // joiners and variation selectors: neither here nor there
    letter,   // goes on with a word; digits as well
    single,   // a word of its own: symbols, letters of scripts that write no blanks between words
    mark      // belongs to what is before it
};
WordPart word_part(char32_t code_point);

/// The first `count` code points.
std::string_view first_code_points(std::string_view text, std::size_t count);

/// The UTF-16 units, low byte first, as hexadecimal digits: how a text reaches SQL Server unharmed.
std::string utf16_hex(std::string_view text);

/// RFC 4013, as passwords are prepared before they are hashed; what it forbids stays as it is,
/// which is what PostgreSQL does on both sides.
std::string saslprep(std::string_view text);

}  // namespace pchat
