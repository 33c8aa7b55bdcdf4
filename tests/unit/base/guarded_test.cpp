// SPDX-License-Identifier: Apache-2.0
#include "base/guarded.h"
#include "tests/support/catch.h"

#include <thread>
#include <vector>

TEST_CASE("guarded: increments from many threads all count", "[guarded]") {
    pchat::Guarded<long> counter;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&counter] {
            for (int i = 0; i < 10'000; ++i)
                counter.with([](long& value) { ++value; });
        });
    threads.clear();  // joins
    CHECK(counter.with([](long value) { return value; }) == 40'000);
}
