// SPDX-License-Identifier: Apache-2.0
#include "server/app/chore.h"
#include "tests/support/catch.h"

using namespace pchat;
using namespace std::chrono_literals;
using app::Chore;

namespace {

const Result<void> well;
const Result<void> bad = fail(Errc::internal, "a block is damaged");
const Result<void> away =
    fail_as("database-unavailable", Errc::unreachable, "the database does not answer");

Chore made(std::chrono::milliseconds interval) {
    return Chore{"indexing", interval, [] { return Result<void>{}; }};
}

}  // namespace

TEST_CASE("chore: comes back less and less often while it fails", "[chore]") {
    Chore often = made(400ms);
    CHECK(often.pause_after(true) == 400ms);
    CHECK(often.pause_after(false) == 800ms);
    CHECK(often.pause_after(false) == 1600ms);
    CHECK(often.pause_after(false) == 3200ms);
    CHECK(often.pause_after(false) == 5s);
    CHECK(often.pause_after(false) == 5s);
    CHECK(often.pause_after(true) == 400ms);
    Chore seldom = made(30s);
    CHECK(seldom.pause_after(false) == 30s);
}

TEST_CASE("chore: complains once, and says once that it goes on", "[chore]") {
    Chore chore = made(400ms);
    CHECK_FALSE(chore.news(well));
    CHECK(chore.news(bad) == "indexing has to wait: a block is damaged");
    CHECK_FALSE(chore.news(bad));
    CHECK(chore.news(well) == "indexing goes on");
    CHECK_FALSE(chore.news(well));
}

TEST_CASE("chore: is silent about a database that is away", "[chore]") {
    Chore chore = made(400ms);
    CHECK_FALSE(chore.news(away));
    CHECK_FALSE(chore.news(well));
    // What went wrong before it went away is still to be taken back.
    CHECK(chore.news(bad));
    CHECK_FALSE(chore.news(away));
    CHECK(chore.news(well));
}

TEST_CASE("chore: does its work and waits accordingly", "[chore]") {
    int turns = 0;
    Chore chore{"indexing", 1s, [&] { return ++turns == 1 ? away : well; }};
    CHECK(chore.run() == 2s);
    CHECK(chore.run() == 1s);
    CHECK(turns == 2);
}
