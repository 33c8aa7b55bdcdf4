// SPDX-License-Identifier: Apache-2.0
#include "server/app/housekeeping.h"
#include "server/service/message_admin.h"
#include "server/service/room_admin.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/second_server.h"

#include <memory>
#include <utility>
#include <vector>

using namespace pchat;

namespace {

std::size_t stored(test::ChatWorld& world, RoomId room) {
    std::size_t out = 0;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        out = tx.messages().after(room, 0, 100'000)->size();
        return {};
    });
    return out;
}

/// Written past the queue, which would take its time.
void fill(
    test::ChatWorld& world, RoomId room, PrincipalId sender, int count, const Message& like = {}
) {
    world.write([&](ContentTransaction& tx) -> Result<void> {
        const Result<RoomHead> head = tx.messages().raise({room, count, 0, world.clock.now()});
        std::vector<Message> messages;
        for (int i = 0; i < count; ++i) {
            Message message = like;
            message.room = room;
            message.seq = head->last_seq - count + 1 + i;
            message.at = head->last_at;
            message.sender = sender;
            message.body = "x";
            messages.push_back(std::move(message));
        }
        return tx.messages().insert(messages);
    });
}

/// A database each of whose writes takes a second of the world's time.
class SlowContent : public ContentDatabase {
public:
    Result<void> read(std::string_view doing, const ContentWork& work) override {
        return inner_->read(doing, work);
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        if (clock != nullptr)
            clock->pass(std::chrono::seconds{1});
        return inner_->write(doing, work);
    }
    test::StillClock* clock = nullptr;

private:
    std::unique_ptr<ContentDatabase> inner_ = test::memory_content();
};

constexpr ServerId self{1};

/// What an hour and more ago was written to a server's log.
void fill_log(test::ChatWorld& world, int count, ServerId origin = self) {
    world.write([&](ContentTransaction& tx) -> Result<void> {
        for (int i = 0; i < count; ++i)
            if (Result<void> added = tx.log().append({origin, 1'000'000 + i, 1, 1, "{}"}); !added)
                return added;
        return {};
    });
    world.clock.pass(std::chrono::hours{2});
}

std::size_t logged(test::ChatWorld& world, ServerId origin = self) {
    std::size_t out = 0;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        out = tx.log().after(origin, 999'999, 100'000)->size();
        return {};
    });
    return out;
}

}  // namespace

TEST_CASE("housekeeping: erases what was cleared, in portions", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId bob = world.user("bob");
    const RoomId room = world.room("Lobby", "General", {{bob}});
    const RoomId other = world.room("Other", "General", {{bob}});
    fill(world, room, bob, 1200);
    fill(world, other, bob, 3);
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored(world, room) == 1200);

    ClearBefore before;
    before.seq = 1191;
    REQUIRE_OK(clear_room(*world.changes, world.as("admin"), "Lobby", before));
    CHECK(stored(world, room) == 1200);  // nobody reads them, but they are there
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored(world, room) == 10);
    CHECK(stored(world, other) == 3);

    REQUIRE_OK(clear_room(*world.changes, world.as("admin"), "Lobby", {}));
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored(world, room) == 0);
}

TEST_CASE("housekeeping: a server that departs counts nobody and takes nobody", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const auto row = [&] {
        pchat::Server out;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out = tx.registry().list()->front();
            return {};
        });
        return out;
    };
    REQUIRE_FALSE(api.hub.count_session());
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.heartbeat());
    CHECK(row().session_count == 1);
    REQUIRE_OK(housekeeping.depart());
    CHECK(row().session_count == 0);
    CHECK(row().load_permille == 1000);
    CHECK(row().expires_at > 0);
    REQUIRE_OK(housekeeping.heartbeat());  // while its people leave
    CHECK(row().session_count == 0);
}

TEST_CASE("housekeeping: one server of the pool erases at a time", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId bob = world.user("bob");
    const RoomId room = world.room("Lobby", "General", {{bob}});
    fill(world, room, bob, 10);
    test::RecordingAudience heard;
    test::SecondServer second{world, *world.content, heard};
    app::Housekeeping first{*world.chat, api.hub, std::chrono::seconds{20}};
    app::Housekeeping other{*second.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(other.clean_up());
    REQUIRE_OK(clear_room(*world.changes, world.as("admin"), "Lobby", {}));
    REQUIRE_OK(first.clean_up());
    CHECK(stored(world, room) == 10);  // the other one has it in hand
    other.sign_off();
    REQUIRE_OK(first.clean_up());
    CHECK(stored(world, room) == 0);
}

TEST_CASE("housekeeping: forgets tickets soon, however many", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId bob = world.user("bob");
    const auto stored_tokens = [&] {
        std::size_t out = 0;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            for (const TokenKind kind : {TokenKind::ticket, TokenKind::api})
                out += tx.tokens().in_force(bob, kind, 0)->size();
            return {};
        });
        return out;
    };
    world.write([&](ContentTransaction& tx) -> Result<void> {
        for (std::int64_t id = 1001; id <= 2300; ++id) {
            Token token;
            token.id = TokenId{id};
            token.uuid = token.secret_hash = std::to_string(id);
            token.user = bob;
            token.kind = id == 2300 ? TokenKind::api : TokenKind::ticket;
            token.expires_at = world.clock.now() + 1;
            if (Result<void> added = tx.tokens().insert(token); !added)
                return added;
        }
        return {};
    });
    REQUIRE(stored_tokens() == 1300);
    world.clock.pass(std::chrono::minutes{2});
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored_tokens() == 1);
}

TEST_CASE("housekeeping: however much there is of the log, nothing old stays", "[housekeeping]") {
    test::ApiWorld api;
    fill_log(api.world, 2'300);
    app::Housekeeping housekeeping{*api.world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(api.world) == 0);
}

TEST_CASE("housekeeping: messages without history go, however many", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId bob = world.user("bob");
    const RoomId room = world.room("Lobby", "General", {{bob}});
    Message without_history;
    without_history.transit = true;
    fill(world, room, bob, 1'300, without_history);
    fill(world, room, bob, 3);
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored(world, room) == 1'303);
    world.clock.pass(std::chrono::minutes{11});
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(stored(world, room) == 3);
}

TEST_CASE("housekeeping: removed rooms go, however many", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId bob = world.user("bob");
    std::vector<RoomId> rooms;
    for (const char* name : {"One", "Two", "Three"}) {
        rooms.push_back(world.room(name, "General", {{bob}}));
        fill(world, rooms.back(), bob, 700);
        REQUIRE_OK(remove_room(*world.changes, world.as("admin"), name));
    }
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    for (const RoomId room : rooms)
        CHECK(stored(world, room) == 0);
}

TEST_CASE("housekeeping: each kind has its time, the rest is for the next turn", "[housekeeping]") {
    test::ApiWorld api;
    auto stored = std::make_unique<SlowContent>();
    SlowContent& slow = *stored;
    test::ChatWorld world{nullptr, std::move(stored)};
    fill_log(world, 4'000);
    slow.clock = &world.clock;
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.clean_up());
    slow.clock = nullptr;
    CHECK(logged(world) > 0);
    CHECK(logged(world) < 4'000);
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(world) == 0);
}

TEST_CASE("housekeeping: told to end, it begins nothing more", "[housekeeping]") {
    test::ApiWorld api;
    fill_log(api.world, 2'300);
    app::Housekeeping housekeeping{*api.world.chat, api.hub, std::chrono::seconds{20}};
    housekeeping.stop();
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(api.world) == 2'300);
}

TEST_CASE("housekeeping: trims the log of a server that does not live any more", "[housekeeping]") {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    test::RecordingAudience heard;
    test::SecondServer second{world, *world.content, heard};
    const Life life = second.life;
    app::Housekeeping housekeeping{*world.chat, api.hub, std::chrono::seconds{20}};
    fill_log(world, 1'200, life.server);
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(world, life.server) == 1'200);  // it does so itself
    world.write([&](ContentTransaction& tx) { return tx.registry().leave(life.server, life.epoch); }
    );
    world.write([&](ContentTransaction& tx) {
        return tx.log().append({life.server, 1'002'000, world.clock.now(), 1, "{}"});
    });
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(world, life.server) == 1);  // for who reads it still
    world.clock.pass(std::chrono::hours{2});
    world.write([&](ContentTransaction& tx) {
        return tx.registry().set_state(life.server, ServerState::removed);
    });
    REQUIRE_OK(housekeeping.clean_up());
    CHECK(logged(world, life.server) == 0);
}
