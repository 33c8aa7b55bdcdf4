// SPDX-License-Identifier: Apache-2.0
#include "base/source_text.h"
#include "tests/support/catch.h"

using pchat::Position;
using pchat::SourceText;

TEST_CASE("source text: columns are code points, not bytes", "[source_text]") {
    const SourceText text{"t", "été: x\nb: 日本 y\n"};
    CHECK(text.position(0) == Position{1, 1});
    CHECK(text.position(7) == Position{1, 6});  // x, behind two two-byte letters
    CHECK(text.position(9) == Position{2, 1});
    CHECK(text.position(19) == Position{2, 7});  // y, behind two three-byte letters
}

TEST_CASE("source text: lines come without their ends", "[source_text]") {
    const SourceText text{"t", "one\r\ntwo\n\nfour"};
    CHECK(text.line_count() == 4);
    CHECK(text.line(1) == "one");
    CHECK(text.line(2) == "two");
    CHECK(text.line(3).empty());
    CHECK(text.line(4) == "four");
    CHECK(text.line(5).empty());
    CHECK(text.line(0).empty());
}

TEST_CASE("source text: a byte order mark is no column", "[source_text]") {
    const SourceText text{
        "t",
        "\xEF\xBB\xBF"
        "ab"};
    CHECK(text.position(3) == Position{1, 1});
    CHECK(text.position(4) == Position{1, 2});
    CHECK(text.line(1) == "ab");
}

TEST_CASE("source text: offsets past the end stay at the end", "[source_text]") {
    const SourceText text{"t", "ab"};
    CHECK(text.position(99) == Position{1, 3});
    CHECK(text.slice({1, 99}) == "b");
    CHECK(text.slice({50, 99}).empty());
    const SourceText empty{"t", ""};
    CHECK(empty.position(0) == Position{1, 1});
    CHECK(empty.line(1).empty());
}
