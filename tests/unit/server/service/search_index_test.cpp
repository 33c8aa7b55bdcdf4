// SPDX-License-Identifier: Apache-2.0
#include "server/service/message_admin.h"
#include "server/service/search_index.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/second_server.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace pchat;
using namespace std::chrono_literals;
using test::ChatWorld;

namespace {

/// Somebody says something whenever the index has been written to, at most so often.
class Talkative : public ContentDatabase {
public:
    Result<void> read(std::string_view doing, const ContentWork& work) override {
        looks += doing == "looking at all rooms" ? 1 : 0;
        return inner_->read(doing, work);
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        const bool indexes = doing == "indexing messages";
        asked += doing == "taking the lease search" ? 1 : 0;
        if (indexes && std::exchange(fails, false))
            return fail(Errc::unreachable, "the database is away");
        Result<void> done = inner_->write(doing, [&](ContentTransaction& tx) -> Result<void> {
            Result<void> worked = work(tx);
            if (indexes && working)
                working();
            return worked;
        });
        writes += indexes ? 1 : 0;
        if (indexes && left > 0) {
            --left;
            say();
        }
        return done;
    }

    Result<void> write_derived(std::string_view doing, const ContentWork& work) override {
        ++derived;
        return write(doing, work);
    }

    std::function<void()> say;
    std::function<void()> working;  // within the transaction
    int left = 0;
    int writes = 0;   // to the index
    int derived = 0;  // of all writes, those that nobody waits for
    int looks = 0;    // at all rooms
    int asked = 0;    // for the lease
    bool fails = false;

private:
    std::unique_ptr<ContentDatabase> inner_ = test::memory_content();
};

struct Talk {
    explicit Talk(std::unique_ptr<ContentDatabase> stored = nullptr)
        : world(nullptr, std::move(stored)), ann(world.user("ann")),
          lobby(world.room("Lobby", "General", {{ann}})), index(*world.chat) {}

    void say(const std::string& body) {
        world.post(ann, lobby, body);
        world.clock.pass(1s);
    }
    std::int64_t catch_up() {
        const auto done = index.catch_up();
        REQUIRE_OK(done);
        return *done;
    }
    /// Numbers of the messages with the word, as the index has them.
    std::vector<std::int64_t> places(const std::string& word) {
        std::vector<std::int64_t> out;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            for (Microseconds at = world.clock.now();;) {
                const auto block = *tx.search().block(word_key(word), at);
                if (!block)
                    break;
                const auto list = *unpack_occurrences(block->occurrences);
                for (auto one = list.rbegin(); one != list.rend(); ++one)
                    out.insert(out.begin(), one->seq);
                if (block->from_at == 0)
                    break;
                at = block->from_at - 1;
            }
            return {};
        });
        return out;
    }
    std::int64_t last() {
        std::int64_t out = 0;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out = (*tx.messages().head(lobby))->last_seq;
            return {};
        });
        return out;
    }
    std::size_t entries() {
        std::size_t out = 0;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out = tx.search().entries_below(lobby, 1'000'000, 10'000)->size();
            return {};
        });
        return out;
    }

    ChatWorld world;
    PrincipalId ann;
    RoomId lobby;
    SearchIndex index;
};

using Places = std::vector<std::int64_t>;

/// Two servers of a pool that have looked at all rooms.
struct TalkOfTwo {
    TalkOfTwo() {
        catch_up(talk.index);
        talk.index.let_go();
        catch_up(other);
        other.let_go();
        CHECK(std::exchange(database->looks, 0) == 2);
    }

    static std::int64_t catch_up(SearchIndex& index) {
        const auto done = index.catch_up();
        REQUIRE_OK(done);
        return *done;
    }

    std::unique_ptr<Talkative> stored = std::make_unique<Talkative>();
    Talkative* database = stored.get();
    Talk talk{std::move(stored)};
    test::RecordingAudience heard;
    test::SecondServer second{talk.world, *talk.world.content, heard};
    SearchIndex other{*second.chat};
};

}  // namespace

TEST_CASE("search index: each message once, and nothing while nothing comes", "[search]") {
    Talk talk;
    CHECK(talk.catch_up() == 0);
    talk.say("one fish");
    talk.say("two fish fish");
    CHECK(talk.catch_up() == 2);
    CHECK(talk.catch_up() == 0);
    talk.say("three");
    CHECK(talk.catch_up() == 1);
    CHECK(talk.places("fish") == Places{1, 2});
    CHECK(talk.entries() == 3);
}

TEST_CASE("search index: it comes to an end while people go on talking", "[search]") {
    auto stored = std::make_unique<Talkative>();
    Talkative& people = *stored;
    Talk talk{std::move(stored)};
    people.say = [&] { talk.say("fish"); };
    for (const bool from_the_start : {true, false}) {
        INFO(from_the_start);
        talk.say("fish");
        people.left = 50;
        talk.catch_up();
        CHECK(people.left >= 48);
        people.left = 0;
        talk.catch_up();
    }
    CHECK(talk.places("fish").size() == static_cast<std::size_t>(talk.last()));
}

TEST_CASE("search index: a backlog is done in small portions while people talk", "[search]") {
    auto stored = std::make_unique<Talkative>();
    Talkative& people = *stored;
    Talk talk{std::move(stored)};
    for (int i = 0; i < 1'500; ++i)
        talk.say("fish");
    talk.world.clock.pass(1h);
    people.working = [&] { talk.world.clock.pass(80ms); };
    people.say = [&] { talk.world.post(talk.ann, talk.lobby, "fish"); };
    const auto writes_of = [&](int said) {
        people.left = said;
        people.writes = 0;
        SearchIndex index{*talk.world.chat};
        REQUIRE_OK(index.catch_up());
        return people.writes;
    };
    SECTION("nobody talks") {
        CHECK(writes_of(0) == 2);
    }
    SECTION("somebody does") {
        talk.world.post(talk.ann, talk.lobby, "fish");
        CHECK(writes_of(1'500) > 10);
    }
}

TEST_CASE("search index: another server goes on where one stopped", "[search]") {
    Talk talk;
    talk.say("fish");
    CHECK(talk.catch_up() == 1);
    talk.say("fish");
    SearchIndex other{*talk.world.chat};
    const auto waits = other.catch_up();
    REQUIRE_OK(waits);
    CHECK(*waits == 0);  // the lease is not its own
    talk.index.let_go();
    const auto goes_on = other.catch_up();
    REQUIRE_OK(goes_on);
    CHECK(*goes_on == 1);
    CHECK(talk.places("fish") == Places{1, 2});
}

TEST_CASE("search index: the lease goes to and fro, and nobody looks at all rooms", "[search]") {
    TalkOfTwo pool;
    for (int i = 0; i < 20; ++i) {
        SearchIndex& leader = i % 2 == 0 ? pool.talk.index : pool.other;
        SearchIndex& follower = i % 2 == 0 ? pool.other : pool.talk.index;
        pool.talk.say("fish");
        CHECK(TalkOfTwo::catch_up(leader) == 1);
        pool.database->asked = 0;
        CHECK(TalkOfTwo::catch_up(follower) == 0);
        CHECK(pool.database->asked == 0);  // all that it heard of is done
        leader.let_go();
    }
    CHECK(pool.database->looks == 0);
    CHECK(pool.talk.places("fish").size() == 20);
}

TEST_CASE(
    "search index: whoever writes to it holds the lease, and no disk is waited for", "[search]"
) {
    TalkOfTwo pool;
    pool.database->asked = pool.database->writes = pool.database->derived = 0;
    for (int i = 0; i < 20; ++i) {
        pool.talk.say("fish");  // a second each
        CHECK(TalkOfTwo::catch_up(pool.talk.index) == 1);
    }
    CHECK(pool.database->asked == 1);
    CHECK(pool.database->writes == 20);
    CHECK(pool.database->derived == 20);
    pool.talk.world.clock.pass(3s);
    pool.talk.say("fish");
    CHECK(TalkOfTwo::catch_up(pool.talk.index) == 1);
    CHECK(pool.database->asked == 2);
}

TEST_CASE("search index: what one server has left undone the next one does", "[search]") {
    TalkOfTwo pool;
    pool.talk.say("fish");
    CHECK(TalkOfTwo::catch_up(pool.talk.index) == 1);
    pool.talk.say("fish");
    CHECK(TalkOfTwo::catch_up(pool.other) == 0);  // it reads of it, without the lease
    SECTION("the other one ended") {}
    SECTION("the other one failed") {
        pool.database->fails = true;
        REQUIRE_ERR(pool.talk.index.catch_up(), Errc::unreachable, "");
    }
    pool.talk.index.let_go();
    CHECK(TalkOfTwo::catch_up(pool.other) == 1);
    CHECK(TalkOfTwo::catch_up(pool.talk.index) == 0);
    CHECK(pool.database->looks == 0);
    CHECK(pool.talk.places("fish") == Places{1, 2});
}

TEST_CASE("search index: a write that fails is done by the next one", "[search]") {
    TalkOfTwo pool;
    pool.talk.say("fish");
    pool.database->fails = true;
    REQUIRE_ERR(pool.talk.index.catch_up(), Errc::unreachable, "");
    CHECK(TalkOfTwo::catch_up(pool.talk.index) == 1);
    CHECK(pool.database->looks == 0);
}

TEST_CASE(
    "search index: in a quiet pool one server looks at all rooms, once a minute", "[search]"
) {
    TalkOfTwo pool;
    pool.talk.say("fish");
    CHECK(TalkOfTwo::catch_up(pool.other) == 1);
    CHECK(TalkOfTwo::catch_up(pool.talk.index) == 0);
    pool.database->asked = 0;
    for (int i = 0; i < 600; ++i) {
        pool.talk.world.clock.pass(1s);
        TalkOfTwo::catch_up(pool.talk.index);
        TalkOfTwo::catch_up(pool.other);
    }
    CHECK(pool.database->looks == 10);
    CHECK(pool.database->asked == 0);
}

TEST_CASE("search index: a log that was trimmed too early: all rooms are looked at", "[search]") {
    TalkOfTwo pool;
    pool.talk.say("fish");
    pool.talk.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto trimmed = tx.log().trim(ServerId{1}, pool.talk.world.clock.now() + 1, 1'000'000);
        return trimmed ? Result<void>{} : Result<void>{pchat::pass(trimmed.error())};
    });
    CHECK(TalkOfTwo::catch_up(pool.other) == 1);
    CHECK(pool.database->looks == 1);
}

TEST_CASE(
    "search index: long lists are blocks, also when messages come from the past", "[search]"
) {
    Talk talk;
    const RoomId attic = talk.world.room("Attic", "General", {{talk.ann}});
    for (int i = 0; i < 400; ++i)
        talk.say("fish");
    CHECK(talk.catch_up() == 400);
    // A room that comes with its history, between the others in time.
    const Microseconds now = talk.world.clock.now();
    talk.world.write([&](ContentTransaction& tx) -> Result<void> {
        std::vector<Message> old(300);
        for (std::size_t i = 0; i < old.size(); ++i) {
            old[i].room = attic;
            old[i].seq = static_cast<std::int64_t>(i) + 1;
            old[i].at = now - 500'000'000 + static_cast<Microseconds>(i) * 1'500'000;
            old[i].sender = talk.ann;
            old[i].body = "fish";
        }
        if (const auto head = tx.messages().raise({attic, 300, 1200, now}); !head)
            return pass(head.error());
        return tx.messages().insert(old);
    });
    talk.say("wake up");
    talk.world.clock.pass(2min);  // no log names it: a look at all rooms finds it
    CHECK(talk.catch_up() == 301);
    CHECK(talk.places("fish").size() == 700);
    std::vector<Occurrence> all;
    talk.world.write([&](ContentTransaction& tx) -> Result<void> {
        for (Microseconds at = now;;) {
            const auto block = *tx.search().block(word_key("fish"), at);
            REQUIRE(block);
            const auto list = *unpack_occurrences(block->occurrences);
            CHECK(list.size() <= 170);
            CHECK(list.front().at >= block->from_at);
            all.insert(all.begin(), list.begin(), list.end());
            if (block->from_at == 0)
                return {};
            at = block->from_at - 1;
        }
    });
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("search index: changed messages leave it and come with their new words", "[search]") {
    Talk talk;
    for (const char* body : {"fish one", "fish two", "fish three"})
        talk.say(body);
    talk.catch_up();
    const AdminCall admin = talk.world.as("admin");
    REQUIRE_OK(remove_message(*talk.world.changes, admin, "Lobby", 1));
    REQUIRE_OK(replace_message(*talk.world.changes, admin, "Lobby", 2, {"bird two", {}}));
    talk.catch_up();
    CHECK(talk.places("fish") == Places{3});
    CHECK(talk.places("one").empty());
    CHECK(talk.places("two") == Places{2});
    CHECK(talk.places("bird") == Places{2});
    CHECK(talk.entries() == 2);
    REQUIRE_OK(clear_room(*talk.world.changes, admin, "Lobby", {}));
    talk.catch_up();
    CHECK(talk.places("fish").empty());
    CHECK(talk.places("bird").empty());
    CHECK(talk.entries() == 0);
}

TEST_CASE("search index: a room that no longer exists leaves nothing behind", "[search]") {
    Talk talk;
    for (int i = 0; i < 300; ++i)
        talk.say("fish");
    talk.catch_up();
    talk.world.write([&](ContentTransaction& tx) -> Result<void> {
        if (const auto erased = tx.messages().erase(talk.lobby, 1000, 1000); !erased)
            return pass(erased.error());
        if (Result<void> removed = tx.rooms().remove(talk.lobby, 1); !removed)
            return removed;
        return tx.rooms().purge(talk.lobby);
    });
    talk.world.clock.pass(2min);
    talk.catch_up();
    CHECK(talk.places("fish").empty());
    CHECK(talk.entries() == 0);
}
