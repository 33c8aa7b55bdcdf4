// SPDX-License-Identifier: Apache-2.0
#include "server/bus/local_bus.h"
#include "server/pool/pool_link.h"
#include "server/service/room_admin.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

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
    void said_elsewhere(RoomId room, std::vector<Message> messages) override {
        const std::lock_guard lock{mutex_};
        RecordingAudience::said_elsewhere(room, std::move(messages));
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

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

/// The world's server speaks; another one over its database listens.
struct Pool {
    Pool()
        : ann(world.user("ann")), lobby(world.room("Lobby", "General", {{ann}})),
          directory(Home{"hq", "pchat.contoso.example"}),
          book(*world.content, [](const Message& message) { return message.body; }), workers(1, 10),
          follower(enrol()), bus(world.clock) {
        REQUIRE_OK(follower.begin(*world.content));
        REQUIRE_OK(directory.load(*world.content));
        ServerFacts facts;
        facts.life = life;
        chat = std::make_unique<Chat>(
            *world.content, directory, book, workers, listeners, world.clock, std::move(facts)
        );
        follower.attach(*chat, watches);
        link = std::make_unique<pool::PoolLink>(*chat, follower, "pchat.contoso.example");
        end = bus.join(*link);
        link->attach(*end);
        book.on_use([this](RoomId room, bool used) { link->uses(room, used); });
        speaking = std::make_unique<pool::PoolLink>(*world.chat, silent, "pchat.contoso.example");
        speaking_end = bus.join(*speaking);
        speaking->attach(*speaking_end);
        world.chat->attach(*speaking);
    }
    ~Pool() {
        end->stop();
        link->stop();
        speaking_end->stop();
    }

    ServerId enrol() {
        world.write([&](ContentTransaction& tx) -> Result<void> {
            Enrolment wanted;
            wanted.id = ServerId{2};
            wanted.uuid = "00000000-0000-7000-8000-000000000099";
            wanted.fqdn = "pc2.contoso.example";
            wanted.lifetime = 60'000'000;
            const auto server = tx.registry().enrol(wanted);
            if (!server)
                return pass(server.error());
            life = {server->id, server->epoch};
            return {};
        });
        return life.server;
    }
    void open_room() {
        REQUIRE_OK(book.warm_up(lobby));
        book.with(lobby, [&](LiveRoom& live) {
            book.enter(live, lobby, ann, world.clock.steady());
        });
        REQUIRE(end->settle(5s));
    }

    ChatWorld world;
    PrincipalId ann;
    RoomId lobby;
    Life life;
    Directory directory;
    RoomBook book;
    Workers workers;
    Listeners listeners;
    KeywordWatches watches;
    PoolFollower follower;
    PoolFollower silent{ServerId{1}};
    bus::LocalBus bus;
    std::unique_ptr<Chat> chat;
    std::unique_ptr<pool::PoolLink> link;
    std::unique_ptr<bus::Bus> end;
    std::unique_ptr<pool::PoolLink> speaking;
    std::unique_ptr<bus::Bus> speaking_end;
};

}  // namespace

TEST_CASE("pool link: messages of a room come to who has somebody in it", "[pool]") {
    Pool pool;
    const std::vector<Remembered> messages{{1, std::make_shared<const std::string>("one"), false}};
    pool.speaking->said(pool.lobby, messages);
    pool.open_room();
    pool.speaking->said(pool.lobby, messages);
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return !heard.quick.empty(); }));
    // It was not sent to us before we had somebody there.
    CHECK(pool.listeners.wait_until([](auto& heard) { return heard.quick.size() == 1; }));
    pool.book.leave(pool.lobby, pool.ann);
    REQUIRE(pool.end->settle(5s));
    pool.speaking->said(pool.lobby, messages);
    REQUIRE(pool.speaking_end->settle(5s));
    CHECK(pool.listeners.wait_until([](auto& heard) { return heard.quick.size() == 1; }));
}

TEST_CASE("pool link: changes come over the bus, one after the other", "[pool]") {
    Pool pool;
    pool.link->start();
    const auto rename = [&](const std::string& name, const std::string& to) {
        RoomFields fields;
        fields.name = to;
        REQUIRE_OK(change_room(*pool.world.changes, pool.world.as("admin"), name, fields));
    };
    rename("Lobby", "Hall");
    rename("Hall", "Foyer");
    REQUIRE(pool.listeners.wait_until([&](auto&) {
        return pool.directory.read([](const DirectoryState& state) {
            return state.find_room("Foyer") != nullptr;
        });
    }));
    CHECK(pool.link->counts().entries + pool.link->counts().looks > 0);
    CHECK(pool.link->counts().not_understood == 0);
}

TEST_CASE("pool link: what the bus loses is in the logs", "[pool]") {
    Pool pool;
    pool.open_room();
    bool lose = true;
    pool.bus.lose([&lose](std::string_view, std::string_view) { return lose; });
    pool.link->start();
    pool.world.post(pool.ann, pool.lobby, "lost");
    // With nothing behind it: only looking finds it.
    REQUIRE(pool.listeners.wait_until([](auto& heard) { return heard.foreign.size() == 1; }));
    CHECK(pool.listeners.foreign.front() == "lost");
}

TEST_CASE("pool link: nonsense on the bus leads to a look at the logs", "[pool]") {
    Pool pool;
    pool.link->start();
    bus::BusListener& ear = *pool.link;
    const std::string log = [&] {
        std::string subject;
        pool.bus.lose([&](std::string_view name, std::string_view) {
            subject = name;
            return false;
        });
        pool.speaking->logged({1'000, {}}, {});
        REQUIRE(pool.speaking_end->settle(5s));
        return subject;
    }();
    const std::uint64_t before = pool.link->counts().looks;
    ear.received(log, "nonsense");
    ear.received("pchat.elsewhere.log", "nonsense");
    while (pool.link->counts().looks == before)
        std::this_thread::sleep_for(1ms);
    CHECK(pool.link->counts().not_understood == 1);
}
