// SPDX-License-Identifier: Apache-2.0
#include "server/domain/rtf_text.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("rtf text: markup goes, text and breaks stay", "[search]") {
    CHECK(
        rtf_text(
            R"({\rtf1\ansi\deff0{\fonttbl{\f0\fnil Arial;}}{\colortbl ;\red0;}\pard Hello, \b big\b0  world\par next})"
        ) == "Hello, big world\nnext"
    );
    CHECK(rtf_text(R"({\rtf1 a{\*\generator Riched20 10;}b\~c \{x\}})") == "ab c {x}");
}

TEST_CASE("rtf text: characters by number", "[search]") {
    CHECK(rtf_text(R"({\rtf1 Z\'fcrich})") == "Zürich");
    CHECK(rtf_text(R"({\rtf1\uc1 \u26481?\u20140?})") == "東京");
    CHECK(rtf_text(R"({\rtf1\uc0 \u-10179\u-8576 go})") == "\U0001F680go");
}

TEST_CASE("rtf text: broken and other text does no harm", "[search]") {
    CHECK(rtf_text("plain {text}") == "plain {text}");
    CHECK(rtf_text("{\\rtf1 a}}}} b") == "a b");
    CHECK(rtf_text("{\\rtf1 x\\") == "x");
    CHECK(rtf_text("{\\rtf1 x\\'f") == "x");
}
