// SPDX-License-Identifier: Apache-2.0
#include "server/bus/local_bus.h"
#include "server/pool/pool_link.h"
#include "server/service/room_admin.h"
#include "tests/support/expect.h"
#include "tests/support/second_server.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

/// Hears as the other server's people would; may be asked from any thread.
class Listeners : public RecordingAudience {
public:
    void said_elsewhere(RoomId room, std::int64_t after, std::vector<Message> messages) override {
        const std::lock_guard lock{mutex_};
        RecordingAudience::said_elsewhere(room, after, std::move(messages));
        changed_.notify_all();
    }
    void heard(RoomId room, std::vector<Remembered> messages) override {
        const std::lock_guard lock{mutex_};
        RecordingAudience::heard(room, std::move(messages));
        changed_.notify_all();
    }
    void heard(std::vector<Told> list) override {
        const std::lock_guard lock{mutex_};
        RecordingAudience::heard(std::move(list));
        changed_.notify_all();
    }
    void obey(const Touched& what) override {
        const std::lock_guard lock{mutex_};
        RecordingAudience::obey(what);
        changed_.notify_all();
    }
    /// Waits until `is_so`.
    template <class F>
    bool wait_until(F&& is_so) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 20s, [&] { return is_so(*this); });
    }
    template <class F>
    auto now(F&& ask) {
        const std::lock_guard lock{mutex_};
        return ask(*this);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

/// The world's server speaks; another one over its database listens.
struct Pool {
    Pool()
        : ann(world.user("ann")), lobby(world.room("Lobby", "General", {{ann}})),
          second(world, *world.content, listeners), bus(world.clock),
          link(*second.chat, second.follower, "pchat.contoso.example"), end(bus.join(link)),
          speaking(*world.chat, silent, "pchat.contoso.example"), speaking_end(bus.join(speaking)) {
        link.attach(*end);
        second.book.on_use([this](RoomId room, bool used) { link.uses(room, used); });
        speaking.attach(*speaking_end);
        world.chat->attach(speaking);
    }
    ~Pool() {
        end->stop();
        link.stop();
        speaking_end->stop();
    }

    void open_room() {
        REQUIRE_OK(second.book.warm_up(lobby));
        second.book.with(lobby, [&](LiveRoom& live) {
            second.book.enter(live, lobby, ann, world.clock.steady());
        });
        REQUIRE(end->settle(5s));
    }

    ChatWorld world;
    PrincipalId ann;
    RoomId lobby;
    Listeners listeners;
    SecondServer second;
    PoolFollower silent{ServerId{1}};
    bus::LocalBus bus;
    pool::PoolLink link;
    std::unique_ptr<bus::Bus> end;
    pool::PoolLink speaking;
    std::unique_ptr<bus::Bus> speaking_end;
};

}  // namespace

TEST_CASE("pool link: messages of a room come to who has somebody in it", "[pool]") {
    Pool pool;
    const auto say = [&](std::int64_t seq, const char* body) {
        const Remembered one{seq, std::make_shared<const std::string>(body), false};
        pool.speaking.said(pool.lobby, {&one, 1});
        REQUIRE(pool.speaking_end->settle(5s));
    };
    say(1, "before");
    pool.open_room();
    say(2, "while");
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return !heard.quick.empty(); }));
    pool.second.book.leave(pool.lobby, pool.ann);
    REQUIRE(pool.end->settle(5s));
    say(3, "after");
    pool.open_room();
    say(4, "again");
    // What is sent comes in its order: with the last one here, nothing is on its way.
    REQUIRE(pool.listeners.wait_until([](auto& heard) {
        return !heard.quick.empty() && heard.quick.back() == "again";
    }));
    CHECK(pool.listeners.quick == std::vector<std::string>{"while", "again"});
}

TEST_CASE("pool link: changes come over the bus, one after the other", "[pool]") {
    Pool pool;
    pool.link.start();
    while (pool.link.counts().looks == 0)
        std::this_thread::sleep_for(1ms);
    const std::uint64_t before = pool.link.counts().entries;
    const auto named_there = [&](const std::string& name) {
        return pool.second.directory.read([&](const DirectoryState& state) {
            return state.find_room(name) != nullptr;
        });
    };
    std::string name = "Lobby";
    // A look may be quicker than the bus with some of them; never with all.
    for (int i = 0; i < 20; ++i) {
        RoomFields fields;
        fields.name = "Lobby " + std::to_string(i);
        REQUIRE_OK(change_room(*pool.world.changes, pool.world.as("admin"), name, fields));
        name = *fields.name;
        REQUIRE(pool.listeners.wait_until([&](auto&) { return named_there(name); }));
    }
    CHECK(pool.link.counts().entries > before);
    CHECK(pool.link.counts().not_understood == 0);
}

TEST_CASE("pool link: behind a change nothing is heard before it is in force", "[pool]") {
    Pool pool;
    const auto say = [&](std::int64_t seq, const char* body) {
        const Remembered one{seq, std::make_shared<const std::string>(body), false};
        pool.speaking.said(pool.lobby, {&one, 1});
        REQUIRE(pool.speaking_end->settle(5s));
    };
    pool.open_room();
    say(1, "before");
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return !heard.quick.empty(); }));
    RoomFields fields;
    fields.name = "Hall";
    REQUIRE_OK(change_room(*pool.world.changes, pool.world.as("admin"), "Lobby", fields));
    say(2, "behind it");  // to a server that stands still
    pool.link.start();
    for (std::int64_t seq = 3; seq < 2'000; ++seq) {
        say(seq, "later");
        std::this_thread::sleep_for(10ms);
        const bool is_heard =
            pool.listeners.now([](auto& heard) { return heard.quick.size() > 1; });
        if (is_heard)
            break;
    }
    const auto heard = pool.listeners.now([](auto& all) { return all.quick; });
    REQUIRE(heard.size() > 1);
    CHECK(heard[0] == "before");
    CHECK(heard[1] == "later");
    CHECK(pool.second.directory.read([](const DirectoryState& state) {
        return state.find_room("Hall") != nullptr;
    }));
}

TEST_CASE("pool link: what the bus loses is in the logs", "[pool]") {
    Pool pool;
    pool.open_room();
    bool lose = true;
    pool.bus.lose([&lose](std::string_view, std::string_view) { return lose; });
    pool.link.start();
    pool.world.post(pool.ann, pool.lobby, "lost");
    // With nothing behind it: only looking finds it.
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return heard.foreign.size() == 1; }));
    CHECK(pool.listeners.foreign.front() == "lost");
}

TEST_CASE("pool link: notices come, whatever became of the entry before", "[pool]") {
    Pool pool;
    pool.link.start();
    const std::vector<Told> told{{pool.ann, pool.lobby, 1, "a keyword"}};
    pool.speaking.logged({1'000, {}}, told);  // far beyond what is known
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return heard.told.size() == 1; }));
    pool.speaking.logged({1, {}}, told);  // read long ago
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return heard.told.size() == 2; }));
    CHECK(pool.listeners.told[1].text == "a keyword");
}

TEST_CASE("pool link: a room that lacks something is read at once", "[pool]") {
    Pool pool;
    pool.open_room();
    bool lose = true;
    pool.bus.lose([&lose](std::string_view, std::string_view) { return lose; });
    pool.world.post(pool.ann, pool.lobby, "lost");
    pool.link.behind(pool.lobby, 1);
    pool.link.start();
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return !heard.foreign.empty(); }));
    CHECK(pool.listeners.foreign.front() == "lost");
}

TEST_CASE("pool link: nonsense on the bus leads to a look at the logs", "[pool]") {
    Pool pool;
    pool.link.start();
    bus::BusListener& ear = pool.link;
    const std::string log = [&] {
        std::string subject;
        pool.bus.lose([&](std::string_view name, std::string_view) {
            subject = name;
            return false;
        });
        pool.speaking.logged({1'000, {}}, {});
        REQUIRE(pool.speaking_end->settle(5s));
        return subject;
    }();
    const std::uint64_t before = pool.link.counts().looks;
    ear.received(log, "nonsense");
    ear.received("pchat.elsewhere.log", "nonsense");
    while (pool.link.counts().looks == before)
        std::this_thread::sleep_for(1ms);
    CHECK(pool.link.counts().not_understood == 1);
}

TEST_CASE("pool link: it follows while its looks succeed", "[pool]") {
    Pool pool;
    CHECK(pool.link.follows());
    pool.world.clock.pass(11s);
    CHECK_FALSE(pool.link.follows());
    pool.link.start();
    CHECK(pool.link.follows());
    pool.world.clock.pass(11s);
    while (!pool.link.follows())
        std::this_thread::sleep_for(1ms);
}

TEST_CASE("pool link: what waits is bounded in bytes too", "[pool]") {
    Pool pool;
    std::string subject;
    std::string entry;
    pool.bus.lose([&](std::string_view name, std::string_view bytes) {
        subject = name;
        entry = bytes;
        return true;
    });
    pool.speaking.logged({1'000, {}}, {});
    REQUIRE(pool.speaking_end->settle(5s));
    pool::PoolLink bounded{
        *pool.second.chat, pool.second.follower, "pchat.contoso.example", {100, 3 * entry.size()}};
    bus::BusListener& ear = bounded;
    for (int i = 0; i < 10; ++i)
        ear.received(subject, entry);
    bounded.start();
    while (bounded.counts().looks == 0)
        std::this_thread::sleep_for(1ms);
    CHECK(bounded.counts().out_of_turn == 3);
}
