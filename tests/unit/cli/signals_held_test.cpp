// SPDX-License-Identifier: Apache-2.0
#include "cli/signals_held.h"
#include "tests/support/catch.h"

#include <unistd.h>

using pchat::cli::SignalsHeld;

TEST_CASE("signals: one that came first waits, and a second one is heard", "[signals]") {
    const SignalsHeld held;
    CHECK_FALSE(SignalsHeld::asked_to_stop());
    CHECK_FALSE(SignalsHeld::asked_again());
    ::kill(::getpid(), SIGTERM);
    CHECK(SignalsHeld::asked_to_stop());
    CHECK_FALSE(SignalsHeld::asked_again());
    CHECK(SignalsHeld::asked_to_stop());
    CHECK_FALSE(SignalsHeld::asked_again());
    ::kill(::getpid(), SIGINT);
    CHECK(SignalsHeld::asked_again());
    CHECK(SignalsHeld::asked_to_stop());
    SignalsHeld::take();
    CHECK_FALSE(SignalsHeld::asked_to_stop());
}

TEST_CASE("signals: one that was looked at strikes all the same", "[signals]") {
    static volatile std::sig_atomic_t struck = 0;
    struct sigaction before {};
    struct sigaction noting {};
    noting.sa_handler = [](int number) { struck = number; };
    ::sigaction(SIGTERM, &noting, &before);
    {
        const SignalsHeld held;
        ::kill(::getpid(), SIGTERM);
        CHECK_FALSE(SignalsHeld::asked_again());
        CHECK(struck == 0);
    }
    CHECK(struck == SIGTERM);
    CHECK_FALSE(SignalsHeld::asked_to_stop());
    ::sigaction(SIGTERM, &before, nullptr);
}
