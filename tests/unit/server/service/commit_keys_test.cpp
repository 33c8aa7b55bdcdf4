// SPDX-License-Identifier: Apache-2.0
// Messages that are sent again, and commits whose outcome nobody heard.
#include "server/service/commit_queue.h"
#include "tests/unit/server/service/commit_rig.h"

using namespace pchat;
using namespace pchat::test;

TEST_CASE("commit queue: a key sent again is stored once and answered alike", "[commit]") {
    Rig rig;
    rig.content.hold();  // so that both are in one group
    rig.start();
    rig.push(lobby, "a", "hello");
    rig.push(lobby, "a", "hello");
    rig.content.release();
    CHECK(rig.outcome("a", 1)->seq == 1);
    CHECK(rig.outcome("a", 2)->seq == 1);
    rig.push(lobby, "a", "hello");  // in a later one
    const auto third = rig.outcome("a", 3);
    CHECK(third->seq == 1);
    CHECK(third->repeated);
    rig.queue->stop();
    CHECK(rig.stored(lobby) == Texts{"1 hello"});
    CHECK(rig.delivered == Texts{"1 hello"});
}

TEST_CASE("commit queue: one repeat costs a second try, the next ones do not", "[commit]") {
    Rig rig;
    rig.start();
    for (const std::string key : {"a", "b", "c"}) {
        rig.push(lobby, key, "hello " + key);
        REQUIRE_OK(rig.outcome(key));
    }
    CHECK(rig.queue->counts().retries == 0);
    for (const std::string key : {"a", "b", "c"}) {
        rig.push(lobby, key, "hello " + key);
        CHECK(rig.outcome(key, 2)->repeated);
    }
    CHECK(rig.queue->counts().retries == 1);
    CHECK(rig.queue->counts().splits == 0);
    rig.queue->stop();
    CHECK(rig.stored(lobby) == Texts{"1 hello a", "2 hello b", "3 hello c"});
    CHECK(rig.delivered.size() == 3);
}

TEST_CASE("commit queue: a repeat among new ones splits nothing", "[commit]") {
    Rig rig;
    rig.start();
    rig.push(lobby, "a", "hello");
    REQUIRE_OK(rig.outcome("a"));
    rig.content.hold();
    rig.push(lobby, "b", "new");
    rig.push(lobby, "a", "hello");
    rig.push(annex, "c", "new");
    rig.content.release();
    CHECK(rig.outcome("a", 2)->seq == 1);
    CHECK(rig.outcome("b")->seq == 2);
    CHECK(rig.outcome("c")->seq == 1);
    CHECK(rig.queue->counts().splits == 0);
}

TEST_CASE("commit queue: a key used for something else is refused", "[commit]") {
    Rig rig;
    rig.start();
    rig.push(lobby, "a", "hello");
    REQUIRE_OK(rig.outcome("a"));
    rig.push(lobby, "a", "good-bye");
    const auto second = rig.outcome("a", 2);
    REQUIRE_ERR(second, Errc::conflict, "another message");
    CHECK(second.error().reason == "key-reused");
    rig.push(annex, "a", "hello");  // the room is part of it
    REQUIRE_ERR(rig.outcome("a", 3), Errc::conflict, "another message");
}

TEST_CASE("commit queue: a COMMIT whose answer is lost is settled by the keys", "[commit]") {
    Rig rig;
    SECTION("when it happened") {
        rig.content.lose_answer(1, true);
    }
    SECTION("when it did not") {
        rig.content.lose_answer(1, false);
    }
    SECTION("twice in a row") {
        rig.content.lose_answer(2, true);
    }
    rig.start();
    rig.push(lobby, "a", "hello");
    const auto posted = rig.outcome("a");
    REQUIRE_OK(posted);
    CHECK(posted->seq == 1);
    rig.queue->stop();
    CHECK(rig.stored(lobby) == Texts{"1 hello"});
    CHECK(rig.delivered == Texts{"1 hello"});
}

TEST_CASE("commit queue: what was stored before an unsure commit is not told again", "[commit]") {
    Rig rig;
    rig.start();
    rig.push(lobby, "a", "hello");
    REQUIRE_OK(rig.outcome("a"));
    rig.content.hold();
    rig.content.lose_answer(1, true);
    rig.push(annex, "b", "new");
    rig.push(lobby, "a", "hello");  // again
    rig.content.release();
    CHECK(rig.outcome("a", 2)->repeated);
    REQUIRE_OK(rig.outcome("b"));
    rig.queue->stop();
    CHECK(rig.delivered == Texts{"1 hello", "1 new"});
}

TEST_CASE("commit queue: tells which entry of the log has the messages", "[commit]") {
    Rig rig;
    rig.start();
    rig.push(lobby, "a", "one");
    REQUIRE_OK(rig.outcome("a"));
    rig.push(lobby, "b", "two");
    rig.push(lobby, "a", "one");
    REQUIRE_OK(rig.outcome("b"));
    REQUIRE_OK(rig.outcome("a", 2));
    rig.queue->stop();
    REQUIRE(rig.entries.size() == 2);
    CHECK(rig.entries[1].n == rig.entries[0].n + 1);
    REQUIRE(rig.entries[1].body.heads.size() == 1);
    CHECK(rig.entries[1].body.heads[0].last == 2);
    CHECK(rig.entries[1].body.heads[0].count == 1);
}
