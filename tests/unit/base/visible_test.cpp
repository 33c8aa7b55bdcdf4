// SPDX-License-Identifier: Apache-2.0
#include "base/visible.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("visible: names as people write them", "[unicode]") {
    for (const char* name :
         {"",
          "Lobby",
          "Caf\u00e9",
          "Straße 7 (Süd)",
          "مرحبا",
          "می\u200cخواهم",                                // a joiner keeps letters apart
          "\U0001F469\u200D\U0001F4BB developers",        // a woman and a laptop, joined
          "\u2764\uFE0F",                                 // a heart in colour
          "\U0001F3F4\U000E0067\U000E0062\U000E007F"}) {  // a flag with tags
        INFO(name);
        CHECK(is_visible(name));
    }
}

TEST_CASE("visible: what would make two names look the same", "[unicode]") {
    for (const char* name :
         {"Lob\aby",
          "Lob\nby",
          "Lob\u202Eyb",
          "\u2066Lobby\u2069",
          "Lob\u00ADby",
          "Lob\u200Bby",
          "Lob\u2060by",
          "Lobby\uFEFF",
          "Lob\U000E0001by",
          "\u3164",
          "\u115F\u1160",
          "\u200D",  // joins nothing
          "\uFE0F"}) {
        INFO(name);
        CHECK_FALSE(is_visible(name));
    }
}
