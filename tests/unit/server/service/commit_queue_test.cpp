// SPDX-License-Identifier: Apache-2.0
#include "server/service/commit_queue.h"
#include "server/service/touched.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/memory/content_database.h"

#include <condition_variable>
#include <map>
#include <mutex>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

constexpr RoomId lobby{1};
constexpr RoomId annex{2};
constexpr PrincipalId ann{1};

/// A server in the registry, two rooms, and a queue whose outcomes are kept.
class Rig : public CommitListener {
public:
    explicit Rig(bool compliance = false) : compliance_(compliance) {
        REQUIRE_OK(memory_->write("furnishing", [&](ContentTransaction& tx) -> Result<void> {
            Enrolment self;
            self.id = ServerId{1};
            self.uuid = "00000000-0000-7000-8000-000000000001";
            self.fqdn = "pc1.contoso.example";
            self.lifetime = 1'000'000'000;
            const auto server = tx.registry().enrol(self);
            if (!server)
                return pass(server.error());
            life = {server->id, server->epoch};
            Category category;
            category.id = CategoryId{1};
            category.uuid = "00000000-0000-7000-8000-000000000002";
            category.name = "Research";
            if (Result<void> made = tx.categories().insert(category); !made)
                return made;
            for (const auto& [id, name] : {std::pair{lobby, "Lobby"}, std::pair{annex, "Annex"}}) {
                Room room;
                room.id = id;
                room.uuid = std::string{"00000000-0000-7000-8000-00000000001"} + name[0];
                room.category = category.id;
                room.name = name;
                if (Result<void> made = tx.rooms().insert(room); !made)
                    return made;
            }
            return {};
        }));
    }

    void start() {
        CommitLimits limits;
        limits.pause = 1ms;
        queue = std::make_unique<CommitQueue>(content, life, clock, *this, limits);
    }

    Posting posting(RoomId room, const std::string& key, const std::string& body) {
        Posting out;
        out.message.room = room;
        out.message.sender = ann;
        out.message.body = body;
        out.key_hash = key_hash(key);
        out.content_hash = content_hash(out.message);
        out.generation = 1;
        out.deadline = clock.steady() + patience;
        out.done = [this, key](const Result<Posted>& posted) {
            const std::lock_guard lock{mutex_};
            outcomes_.emplace(key, posted);
            changed_.notify_all();
        };
        return out;
    }
    void push(RoomId room, const std::string& key, const std::string& body) {
        REQUIRE_OK(queue->push(posting(room, key, body)));
    }
    /// Waits for the answer to the n-th message with that key.
    Result<Posted> outcome(const std::string& key, std::size_t n = 1) {
        std::unique_lock lock{mutex_};
        REQUIRE(changed_.wait_for(lock, 20s, [&] { return outcomes_.count(key) >= n; }));
        return std::next(outcomes_.lower_bound(key), static_cast<std::ptrdiff_t>(n - 1))->second;
    }
    std::vector<std::string> stored(RoomId room) {
        std::vector<std::string> out;
        REQUIRE_OK(memory_->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.messages().after(room, 0, 1000);
            if (!found)
                return pass(found.error());
            for (const Message& message : *found)
                out.push_back(std::to_string(message.seq) + " " + message.body);
            return {};
        }));
        return out;
    }
    std::vector<OutboxEntry> outbox() {
        std::vector<OutboxEntry> out;
        REQUIRE_OK(memory_->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.log().outbox(life.server, 1000);
            if (!found)
                return pass(found.error());
            out = *found;
            return {};
        }));
        return out;
    }
    ContentDatabase& memory() { return *memory_; }

    Result<void> still_allowed(const Posting& posting) override {
        return posting.message.body == "forbidden"
                   ? Result<void>{fail_as("not-allowed", Errc::denied, "no more")}
                   : Result<void>{};
    }
    std::uint64_t generation() const override { return generation_; }
    bool records() const override { return compliance_; }
    std::string record(const Posting& posting, std::int64_t seq, Microseconds) override {
        return std::to_string(seq) + posting.message.body;
    }
    void committed(std::span<const Committed> messages) override {
        for (const Committed& one : messages)
            delivered.push_back(std::to_string(one.seq) + " " + one.posting->message.body);
    }
    void timed(std::chrono::nanoseconds, std::size_t) override {}
    void fenced() override { was_fenced = true; }

    std::vector<std::string> delivered;  // read after the queue has stopped
    bool was_fenced = false;
    std::uint64_t generation_ = 1;
    std::chrono::milliseconds patience = 20s;
    Life life;
    SystemClock clock;

private:
    std::unique_ptr<ContentDatabase> memory_ = memory_content();
    bool compliance_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::string, Result<Posted>> outcomes_;

public:
    FaultyContent content{*memory_};
    std::unique_ptr<CommitQueue> queue;
};

using Texts = std::vector<std::string>;

}  // namespace

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
    REQUIRE_OK(rig.memory().write("fencing", [&](ContentTransaction& tx) {
        return tx.registry().fence(rig.life.server, rig.life.epoch);
    }));
    rig.start();
    rig.push(lobby, "a", "hello");
    REQUIRE_ERR(rig.outcome("a"), Errc::denied, "replaced");
    rig.queue->stop();
    CHECK(rig.was_fenced);
    CHECK(rig.stored(lobby).empty());
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
