// SPDX-License-Identifier: Apache-2.0
#include "server/service/commit_queue.h"
#include "tests/unit/server/service/commit_rig.h"

#include <future>
#include <utility>

using namespace pchat;
using namespace pchat::test;

TEST_CASE("commit queue: numbers each room 1, 2, 3 in the order of sending", "[commit]") {
    Rig rig;
    rig.start();
    rig.push(lobby, "a", "one");
    rig.push(annex, "b", "other");
    rig.push(lobby, "c", "two");
    CHECK(rig.outcome("a")->seq == 1);
    CHECK(rig.outcome("b")->seq == 1);
    CHECK(rig.outcome("c")->seq == 2);
    rig.queue->stop();
    CHECK(rig.stored(lobby) == Texts{"1 one", "2 two"});
    CHECK(rig.delivered.size() == 3);
}

TEST_CASE("commit queue: a bad message among good ones fails alone", "[commit]") {
    Rig rig;
    rig.content.refuse_body("bad");
    rig.content.hold();
    rig.start();
    for (int i = 0; i < 9; ++i)
        rig.push(lobby, "k" + std::to_string(i), i == 4 ? "bad" : "good " + std::to_string(i));
    rig.content.release();
    for (int i = 0; i < 9; ++i) {
        INFO(i);
        CHECK(rig.outcome("k" + std::to_string(i)).has_value() == (i != 4));
    }
    rig.queue->stop();
    CHECK(rig.stored(lobby).size() == 8);
    CHECK(rig.stored(lobby).back() == "8 good 8");  // no number was lost to it
    CHECK(rig.queue->counts().splits > 0);
}

TEST_CASE("commit queue: waits for a database that comes back", "[commit]") {
    Rig rig;
    rig.content.fail_next(3, Errc::unreachable);
    rig.start();
    rig.push(lobby, "a", "hello");
    REQUIRE_OK(rig.outcome("a"));
    rig.queue->stop();
    CHECK(rig.stored(lobby) == Texts{"1 hello"});
    CHECK_FALSE(rig.queue->counts().database_away);
}

TEST_CASE("commit queue: gives up at the deadline while the database is away", "[commit]") {
    Rig rig;
    rig.patience = 5ms;
    rig.content.fail_next(1'000'000, Errc::unreachable);
    rig.start();
    rig.push(lobby, "a", "hello");
    const auto refused = rig.outcome("a");
    REQUIRE_ERR(refused, Errc::unreachable, "nothing can be stored");
    CHECK(refused.error().reason == "database-unavailable");
    CHECK(rig.queue->counts().database_away);
    rig.queue->stop();
    CHECK(rig.stored(lobby).empty());
}

TEST_CASE("commit queue: a server that was replaced writes nothing", "[commit]") {
    Rig rig;
    REQUIRE_OK(rig.memory().write("fencing", [&](ContentTransaction& tx) -> Result<void> {
        CHECK(tx.registry().fence(rig.life.server, rig.life.epoch) == true);
        return {};
    }));
    rig.start();
    rig.push(lobby, "a", "hello");
    const auto refused = rig.outcome("a");
    REQUIRE_ERR(refused, Errc::unreachable, "replaced");
    CHECK(refused.error().reason == "database-unavailable");  // another server takes it by its key
    rig.queue->stop();
    CHECK(rig.was_fenced);
    CHECK(rig.stored(lobby).empty());
}

TEST_CASE("commit queue: a database that lets nobody in is no fence", "[commit]") {
    Rig rig{true};
    rig.content.fail_next(3, Errc::denied);  // a password was changed, say
    rig.start();
    rig.push(lobby, "a", "one");
    rig.push(lobby, "b", "two");
    Recording part;
    part.kind = compliance_part;
    part.body = "part";
    REQUIRE_OK(rig.queue->push(part));
    REQUIRE_OK(rig.outcome("a"));
    REQUIRE_OK(rig.outcome("b"));
    rig.queue->stop();
    CHECK_FALSE(rig.was_fenced);
    CHECK(rig.outbox().size() == 3);  // compliance misses nothing
    CHECK(rig.queue->counts().failed == 0);
}

TEST_CASE("commit queue: what has happened is never left out", "[commit]") {
    Rig rig{true};
    rig.waiting = 5;
    rig.content.hold();
    rig.start();
    Recording happened;
    happened.kind = compliance_part;
    happened.body = "part";
    REQUIRE_OK(rig.queue->push(happened));
    rig.content.wait_for_writer();
    for (int i = 0; i < 100; ++i)
        REQUIRE_OK(rig.queue->push(happened));
    Recording asked;
    asked.kind = compliance_join;
    asked.deadline = rig.clock.steady() + 20s;
    asked.done = [](const Result<void>&) {};
    const Result<void> refused = rig.queue->push(asked);
    rig.content.release();
    rig.queue->stop();
    REQUIRE_ERR(refused, Errc::unreachable, "too many");
    CHECK(rig.outbox().size() == 101);
}

TEST_CASE("commit queue: who was refused as too late is told of when it is stored", "[commit]") {
    const bool unsure = GENERATE(false, true);
    INFO(unsure);
    Rig rig{true};
    if (unsure) {  // it is stored, but nobody knows, and then nothing can be for a while
        rig.content.lose_answer(1, true);
        rig.content.fail_after(1, Errc::unreachable);
    }
    rig.content.hold();
    rig.start();
    std::promise<Result<void>> answered;
    std::promise<void> stored;
    Recording joins;
    joins.kind = compliance_join;
    joins.deadline = rig.clock.steady();
    joins.done = [&](const Result<void>& done) { answered.set_value(done); };
    joins.stored_late = [&] { stored.set_value(); };
    REQUIRE_OK(rig.queue->push(std::move(joins)));
    rig.content.wait_for_writer();
    if (!unsure)
        rig.queue->refuse_late();
    rig.content.release();
    REQUIRE_ERR(answered.get_future().get(), Errc::unreachable, "");
    rig.content.fail_next(0, Errc::internal);
    stored.get_future().wait();
    rig.queue->stop();
    REQUIRE_FALSE(rig.outbox().empty());
    for (const OutboxEntry& entry : rig.outbox())  // a second copy is known by it
        CHECK(entry.uuid == rig.outbox().front().uuid);
}

TEST_CASE("commit queue: messages to a removed room fail, the others do not", "[commit]") {
    Rig rig;
    REQUIRE_OK(rig.memory().write("purging", [&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> removed = tx.rooms().remove(annex, 1); !removed)
            return removed;
        return tx.rooms().purge(annex);
    }));
    rig.content.hold();
    rig.start();
    rig.push(annex, "a", "too late");
    rig.push(lobby, "b", "in time");
    rig.content.release();
    const auto late = rig.outcome("a");
    REQUIRE_ERR(late, Errc::not_found, "does not exist");
    CHECK(late.error().reason == "room-not-found");
    REQUIRE_OK(rig.outcome("b"));
}

TEST_CASE("commit queue: asks again when the directory changed in between", "[commit]") {
    Rig rig;
    rig.content.hold();
    rig.start();
    rig.push(lobby, "a", "forbidden");
    rig.push(lobby, "b", "fine");
    rig.content.release();
    REQUIRE_OK(rig.outcome("a"));  // let in, and nothing changed since
    rig.queue->stop();
    Rig changed;
    changed.generation_ = 2;
    changed.start();
    changed.push(lobby, "a", "forbidden");
    changed.push(lobby, "b", "fine");
    REQUIRE_ERR(changed.outcome("a"), Errc::denied, "no more");
    REQUIRE_OK(changed.outcome("b"));
    changed.queue->stop();
    CHECK(changed.stored(lobby) == Texts{"1 fine"});
}

TEST_CASE("commit queue: an unsure commit is no way past a right that was taken", "[commit]") {
    for (const bool happened : {false, true}) {
        INFO(happened);
        Rig rig;
        rig.content.hold();
        rig.content.lose_answer(1, happened);
        rig.start();
        rig.push(lobby, "a", "forbidden");
        rig.content.wait_for_writer();
        rig.generation_ = 2;  // the right was taken meanwhile
        rig.content.release();
        if (happened)
            REQUIRE_OK(rig.outcome("a"));  // it was sent while it might be
        else
            REQUIRE_ERR(rig.outcome("a"), Errc::denied, "no more");
        rig.queue->stop();
        CHECK(rig.stored(lobby).size() == (happened ? 1 : 0));
        CHECK(rig.delivered.size() == (happened ? 1 : 0));
    }
}

TEST_CASE("commit queue: compliance gets one row for each message, densely numbered", "[commit]") {
    Rig rig{true};
    rig.content.hold();
    rig.content.lose_answer(1, false);
    rig.start();
    rig.push(lobby, "a", "one");
    rig.push(lobby, "a", "one");
    rig.push(lobby, "b", "two");
    Recording part;
    part.kind = compliance_part;
    part.body = "part";
    part.deadline = rig.clock.steady() + 20s;
    REQUIRE_OK(rig.queue->push(part));
    rig.content.release();
    REQUIRE_OK(rig.outcome("a", 2));
    REQUIRE_OK(rig.outcome("b"));
    rig.queue->stop();
    const std::vector<OutboxEntry> entries = rig.outbox();
    std::vector<std::string> bodies;
    for (const OutboxEntry& entry : entries) {
        CHECK(entry.n == static_cast<std::int64_t>(bodies.size()) + 1);
        bodies.push_back(entry.body);
    }
    std::sort(bodies.begin(), bodies.end());
    CHECK(bodies == Texts{"1one", "2two", "part"});
}

TEST_CASE("commit queue: refuses more than it may hold", "[commit]") {
    Rig rig;
    rig.content.hold();
    CommitLimits limits;
    limits.waiting = 2;
    rig.queue = std::make_unique<CommitQueue>(rig.content, rig.life, rig.clock, rig, limits);
    Result<void> last;
    for (int i = 0; i < 4; ++i)
        last = rig.queue->push(rig.posting(lobby, "k" + std::to_string(i), "x"));
    REQUIRE_ERR(last, Errc::unreachable, "2 messages are waiting");
    rig.content.release();
    rig.queue->stop();
    REQUIRE_ERR(rig.queue->push(rig.posting(lobby, "z", "x")), Errc::unreachable, "stopping");
}
