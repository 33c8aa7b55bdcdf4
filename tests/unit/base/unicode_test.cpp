// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;

TEST_CASE("utf-8: well-formed text has no invalid byte", "[unicode]") {
    CHECK_FALSE(first_invalid_utf8(""));
    CHECK_FALSE(first_invalid_utf8("plain, été, 日本, 😀, \xF4\x8F\xBF\xBF"));
}

TEST_CASE("utf-8: the first malformed byte is found", "[unicode]") {
    CHECK(first_invalid_utf8("ab\xFF") == 2U);
    CHECK(first_invalid_utf8("\x80") == 0U);
    CHECK(first_invalid_utf8("a\xC3") == 1U);             // cut off
    CHECK(first_invalid_utf8("\xC0\xAF") == 0U);          // overlong
    CHECK(first_invalid_utf8("\xE0\x80\xAF") == 0U);      // overlong
    CHECK(first_invalid_utf8("\xED\xA0\x80") == 0U);      // surrogate
    CHECK(first_invalid_utf8("\xF4\x90\x80\x80") == 0U);  // above U+10FFFF
    CHECK(first_invalid_utf8("\xF8\x88\x80\x80\x80") == 0U);
}

TEST_CASE("display width: wide, combining and plain characters", "[unicode]") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("été") == 3);
    CHECK(display_width("日本") == 4);
    CHECK(display_width("e\xCC\x81") == 1);  // e + combining acute
    CHECK(display_width("😀") == 2);
    CHECK(display_width("\xE2\x80\x8B") == 0);  // zero width space
}

TEST_CASE("code points are counted, malformed bytes one each", "[unicode]") {
    CHECK(count_code_points("été") == 3);
    CHECK(count_code_points("a\xFF\xFE") == 3);
}

TEST_CASE("printable: what could repaint a terminal is spelled out", "[unicode]") {
    CHECK(printable("plain été 日本") == "plain été 日本");
    CHECK(printable("a\x1b[31mb") == "a\\u{1B}[31mb");
    CHECK(printable("line\nbreak\ttab") == "line\\u{A}break\\u{9}tab");
    CHECK(
        printable("a\xE2\x80\xAE"
                  "b") == "a\\u{202E}b"
    );
    CHECK(printable("a\xFF") == "a\\xFF");
    CHECK(printable("\xC2\x85") == "\\u{85}");
}

TEST_CASE("case folding of host names touches ASCII only", "[unicode]") {
    CHECK(lower_ascii("PChat.Contoso.EXAMPLE") == "pchat.contoso.example");
    CHECK(equal_ignoring_case("FE1", "fe1"));
    CHECK_FALSE(equal_ignoring_case("fe1", "fe12"));
    CHECK_FALSE(equal_ignoring_case("É", "é"));
}

TEST_CASE("unicode: UTF-16 goes out low byte first", "[unicode]") {
    CHECK(utf16_hex("") == "");
    CHECK(utf16_hex("Aä") == "4100E400");
    CHECK(utf16_hex("\U0001F680") == "3DD880DE");
}
