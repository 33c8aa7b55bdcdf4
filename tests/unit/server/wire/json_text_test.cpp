// SPDX-License-Identifier: Apache-2.0
#include "server/wire/json_text.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <random>

using namespace pchat::wire;

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_text(out, text);
    return out;
}

void append_utf8(std::string& out, char32_t c) {
    const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | (c >> 6U));
        byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | (c >> 12U));
        byte(0x80 | ((c >> 6U) & 0x3F));
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | (c >> 18U));
        byte(0x80 | ((c >> 12U) & 0x3F));
        byte(0x80 | ((c >> 6U) & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

// Half of it plain letters, so that clean runs of every length meet every character.
std::string random_text(std::mt19937& random) {
    const auto one_of = [&](std::uint32_t first, std::uint32_t last) {
        return static_cast<char32_t>(std::uniform_int_distribution{first, last}(random));
    };
    std::string text;
    for (auto length = one_of(0, 60); length > 0; --length)
        switch (one_of(0, 7)) {
        case 0:
            append_utf8(text, one_of(0, 0x1F));
            break;
        case 1:
            text += one_of(0, 1) == 0 ? '"' : '\\';
            break;
        case 2:
            append_utf8(text, one_of(0x7F, 0x7FF));
            break;
        case 3:
            append_utf8(text, one_of(0xE000, 0xFFFF));
            break;
        case 4:
            append_utf8(text, one_of(0x10000, 0x10FFFF));
            break;
        default:
            append_utf8(text, one_of('a', 'z'));
        }
    return text;
}

}  // namespace

TEST_CASE("json text: escapes what RFC 8259 says must be, and nothing else", "[json]") {
    CHECK(escaped("") == R"("")");
    CHECK(escaped("plain, with ümlauts and 😀") == R"("plain, with ümlauts and 😀")");
    CHECK(escaped("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(escaped("\n\r\t\b\x1f\x7f") == "\"\\n\\r\\t\\u0008\\u001f\x7f\"");
    CHECK(escaped(std::string_view{"\0x", 2}) == R"("\u0000x")");
}

TEST_CASE("json text: any text reads back as the same", "[json]") {
    std::mt19937 random{20'240'229};
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random_text(random);
        REQUIRE(nlohmann::json::parse(escaped(text)).get<std::string>() == text);
    }
}

TEST_CASE("json text: a character to escape is found wherever it stands", "[json]") {
    for (std::size_t length = 1; length < 40; ++length)
        for (std::size_t at = 0; at < length; ++at)
            for (const char c : {'"', '\\', '\n', '\0', '\x1f'}) {
                // 0x80 and more beside it must neither hide nor fake it.
                std::string text(length, at % 2 == 0 ? 'z' : '!');
                text[at] = c;
                REQUIRE(nlohmann::json::parse(escaped(text)).get<std::string>() == text);
            }
}

TEST_CASE("json text: whole numbers keep all their digits", "[json]") {
    std::string out;
    append_number(out, std::numeric_limits<std::int64_t>::min());
    out += ' ';
    append_number(out, std::numeric_limits<std::int64_t>::max());
    out += ' ';
    append_number(out, 0);
    CHECK(out == "-9223372036854775808 9223372036854775807 0");
}

TEST_CASE("json text: what is not UTF-8 is replaced where a message cites it", "[json]") {
    CHECK(well_formed("fine ü") == "fine ü");
    CHECK(well_formed("a\xFFz\xC3") == "a\xEF\xBF\xBDz\xEF\xBF\xBD");
    CHECK(well_formed("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("json text: a field writer sets the commas", "[json]") {
    std::string out = "{";
    FieldWriter fields{out};
    fields.fields("").text("a", "1").number("b", -2).boolean("c", true).time("d", 0);
    fields.json("e", "null").fields(R"("f":1,"g":2)");
    fields.texts("h", std::vector<std::string>{"x", "y"}).numbers("i", std::vector<std::int64_t>{});
    out += '}';
    CHECK(
        out == R"({"a":"1","b":-2,"c":true,"d":"1970-01-01T00:00:00.000000Z","e":null,)"
               R"("f":1,"g":2,"h":["x","y"],"i":[]})"
    );
}
