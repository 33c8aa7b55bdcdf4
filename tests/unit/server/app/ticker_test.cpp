// SPDX-License-Identifier: Apache-2.0
#include "server/app/ticker.h"
#include "tests/support/catch.h"

#include <future>

using namespace pchat;
using namespace std::chrono_literals;

TEST_CASE("ticker: asked to end, it does what was begun and nothing more", "[ticker]") {
    std::promise<void> begun;
    std::promise<void> answer;
    int turns = 0;
    app::Ticker ticker;
    ticker.every(0ms, [&] {
        if (++turns > 1)
            return;
        begun.set_value();
        answer.get_future().wait();
    });
    ticker.start();
    begun.get_future().wait();
    ticker.stop_soon();  // waits for nobody
    CHECK(turns == 1);
    answer.set_value();
    ticker.stop();
    CHECK(turns == 1);
}
