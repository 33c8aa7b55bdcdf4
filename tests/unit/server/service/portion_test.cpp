// SPDX-License-Identifier: Apache-2.0
#include "server/service/portion.h"
#include "tests/support/catch.h"

using namespace pchat;
using namespace std::chrono_literals;

namespace {

constexpr PortionLimits limits{32, 2'048, 8ms};

}  // namespace

TEST_CASE("portion: as much as possible while nobody talks", "[portion]") {
    Portion portion{limits};
    portion.learn(90ms, 2'048, false);
    CHECK(portion.size() == limits.most);
}

TEST_CASE("portion: what people wait for no longer than they should", "[portion]") {
    Portion portion{limits};
    portion.learn(80ms, 2'000, true);
    CHECK(portion.size() == 200);
    portion.learn(8ms, 200, true);
    CHECK(portion.size() == 200);
    portion.learn(10s, 200, true);
    CHECK(portion.size() == limits.least);
}

TEST_CASE("portion: grows again step by step, at once when people are silent", "[portion]") {
    Portion portion{limits};
    portion.learn(80ms, 2'000, true);
    portion.learn(0ms, 1, true);
    CHECK(portion.size() == 400);
    portion.learn(1ms, 400, true);
    CHECK(portion.size() == 800);
    portion.learn(1ms, 0, true);
    CHECK(portion.size() == 800);
    portion.learn(80ms, 800, false);
    CHECK(portion.size() == limits.most);
}
