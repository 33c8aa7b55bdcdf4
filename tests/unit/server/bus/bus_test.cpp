// SPDX-License-Identifier: Apache-2.0
#include "server/bus/bus.h"
#include "tests/support/catch.h"

using namespace pchat::bus;

TEST_CASE("bus subject: words with dots between", "[bus]") {
    CHECK(is_subject("pchat"));
    CHECK(is_subject("pchat.room.0192-af"));
    CHECK(is_subject(std::string(255, 'x')));
}

TEST_CASE("bus subject: wildcards, gaps and what ends a line are none", "[bus]") {
    for (const std::string_view text :
         {"", ".", ".a", "a.", "a..b", "a b", "a\tb", "a\r\nPUB b 1", "a.*", "a.>", "é"}) {
        INFO(text);
        CHECK_FALSE(is_subject(text));
    }
    CHECK_FALSE(is_subject(std::string(256, 'x')));
    CHECK_FALSE(is_subject(std::string_view("a\0b", 3)));
}
