// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_portion.h"
#include "tests/support/catch.h"

using namespace pchat;
using namespace std::chrono_literals;

TEST_CASE("search portion: as much as possible while nobody talks", "[search]") {
    SearchPortion portion;
    portion.learn(90ms, 2'048, false);
    CHECK(portion.messages() == SearchPortion::most);
}

TEST_CASE("search portion: what people wait for no longer than they should", "[search]") {
    SearchPortion portion;
    portion.learn(80ms, 2'000, true);
    CHECK(portion.messages() == 200);
    portion.learn(8ms, 200, true);
    CHECK(portion.messages() == 200);
    portion.learn(10s, 200, true);
    CHECK(portion.messages() == SearchPortion::least);
}

TEST_CASE("search portion: grows again step by step, at once when people are silent", "[search]") {
    SearchPortion portion;
    portion.learn(80ms, 2'000, true);
    portion.learn(0ms, 1, true);
    CHECK(portion.messages() == 400);
    portion.learn(1ms, 400, true);
    CHECK(portion.messages() == 800);
    portion.learn(1ms, 0, true);
    CHECK(portion.messages() == 800);
    portion.learn(80ms, 800, false);
    CHECK(portion.messages() == SearchPortion::most);
}
