// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/service/message_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using namespace std::chrono_literals;
using test::ChatWorld;

namespace {

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

/// A room with three messages of bob's.
struct Said {
    Said() : bob(world.user("bob")), room(world.room("Lobby", "General", {{bob}, {bob}})) {
        for (const char* body : {"one", "two", "three"}) {
            world.post(bob, room, body);
            world.clock.pass(1s);
        }
    }

    std::vector<std::string> bodies() {
        std::vector<std::string> out;
        const auto page = world.chat->after(room, 0, 100);
        REQUIRE_OK(page);
        for (const Message& message : page->messages)
            out.push_back(message.body);
        return out;
    }
    RoomHead head() {
        RoomHead out;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            out = **tx.messages().head(room);
            return {};
        });
        return out;
    }

    ChatWorld world;
    PrincipalId bob;
    RoomId room;
};

using Bodies = std::vector<std::string>;

}  // namespace

TEST_CASE("message remove: leaves an empty one in its place", "[message]") {
    Said said;
    const std::int64_t bytes = said.head().content_bytes;
    const auto removed = remove_message(*said.world.changes, said.world.as("admin"), "Lobby", 2);
    REQUIRE_OK(removed);
    CHECK(removed->rev == 1);
    CHECK(said.bodies() == Bodies{"one", "", "three"});
    CHECK(said.head().rev == 1);
    CHECK(said.head().content_bytes == bytes - 3);
    REQUIRE(said.world.heard.changes.size() == 1);
    const auto& heard = said.world.heard.changes[0];
    CHECK(heard.room == said.room);
    CHECK(heard.rev == 1);
    REQUIRE(heard.messages.size() == 1);
    CHECK(heard.messages[0].change == MessageChange::removed);
    CHECK(heard.messages[0].changed_by == said.world.user("admin"));
    const auto since = said.world.chat->changes(said.room, 0, 10);
    REQUIRE_OK(since);
    REQUIRE(since->size() == 1);
    CHECK(since->front().seq == 2);
    CHECK(said.world.heard.touched.back().revised == std::vector{said.room});

    const auto again = remove_message(*said.world.changes, said.world.as("admin"), "Lobby", 2);
    REQUIRE_OK(again);
    CHECK(again->rev == 1);
    CHECK(said.head().rev == 1);
    CHECK(said.world.heard.changes.size() == 1);
}

TEST_CASE("message remove: is audited and recorded without the text", "[message]") {
    Said said;
    const std::size_t before = said.world.outbox().size();
    REQUIRE_OK(remove_message(*said.world.changes, said.world.as("admin"), "Lobby", 1));
    REQUIRE(said.world.audit().size() == 1);
    CHECK(said.world.audit()[0].action == "message.remove");
    CHECK_THAT(said.world.audit()[0].new_value.value_or(""), Catch::Contains(R"("seq":"1")"));
    const auto outbox = said.world.outbox();
    REQUIRE(outbox.size() == before + 1);
    CHECK(outbox.back().kind == compliance_removal);
    CHECK_THAT(outbox.back().body, Catch::Contains(R"("room_name":"Lobby")"));
}

TEST_CASE("message replace: gives another text", "[message]") {
    Said said;
    AdminCall call = said.world.as("admin");
    call.dry_run = true;
    REQUIRE_OK(replace_message(*said.world.changes, call, "Lobby", 3, {"better", {}}));
    CHECK(said.bodies() == Bodies{"one", "two", "three"});
    CHECK(said.world.heard.changes.empty());
    call.dry_run = false;
    const auto replaced = replace_message(*said.world.changes, call, "Lobby", 3, {"better", {}});
    REQUIRE_OK(replaced);
    CHECK(replaced->rev == 1);
    CHECK(said.bodies() == Bodies{"one", "two", "better"});
    CHECK(said.world.heard.changes[0].messages[0].change == MessageChange::replaced);
    CHECK(said.world.audit()[0].action == "message.replace");
    CHECK(
        reason(replace_message(*said.world.changes, call, "Lobby", 3, {"x", "subject"})) ==
        "bad-value"
    );
}

TEST_CASE("message change: is for administrators only", "[message]") {
    Said said;
    said.world.user("eve");
    const AdminCall manager = said.world.as("bob");  // author and manager
    CHECK(reason(remove_message(*said.world.changes, manager, "Lobby", 1)) == "not-allowed");
    CHECK(
        reason(replace_message(*said.world.changes, manager, "Lobby", 1, {"x", {}})) ==
        "not-allowed"
    );
    CHECK(reason(clear_room(*said.world.changes, manager, "Lobby", {})) == "not-allowed");
    const AdminCall admin = said.world.as("admin");
    CHECK(reason(remove_message(*said.world.changes, admin, "Lobby", 4)) == "message-not-found");
    CHECK(reason(remove_message(*said.world.changes, admin, "Nothing", 1)) == "room-not-found");
    test::RoomLists secret{{said.bob}};
    secret.privacy = RoomPrivacy::secret;
    said.world.room("Merger", "General", secret);
    CHECK(
        reason(clear_room(*said.world.changes, said.world.as("eve"), "Merger", {})) ==
        "room-not-found"
    );
    CHECK(said.bodies() == Bodies{"one", "two", "three"});
}

TEST_CASE("room clear: what was said before is gone for readers at once", "[message]") {
    Said said;
    const AdminCall admin = said.world.as("admin");
    SECTION("below a number") {
        ClearBefore before;
        before.seq = 3;
        const auto cleared = clear_room(*said.world.changes, admin, "Lobby", before);
        REQUIRE_OK(cleared);
        CHECK(cleared->first == 3);
        CHECK(cleared->rev == 1);
        CHECK(said.bodies() == Bodies{"three"});
        CHECK(
            reason(remove_message(*said.world.changes, admin, "Lobby", 2)) == "message-not-found"
        );
        before.seq = 2;  // nothing more
        const auto again = clear_room(*said.world.changes, admin, "Lobby", before);
        REQUIRE_OK(again);
        CHECK(again->first == 3);
        CHECK(again->rev == 1);
        CHECK(said.world.heard.clears.size() == 1);
    }
    SECTION("before a time") {
        ClearBefore before;
        before.time = said.world.clock.now() - 2'000'000;  // when the second was sent
        const auto cleared = clear_room(*said.world.changes, admin, "Lobby", before);
        REQUIRE_OK(cleared);
        CHECK(cleared->first == 2);
        CHECK(said.bodies() == Bodies{"two", "three"});
        before.time = said.world.clock.now();
        REQUIRE_OK(clear_room(*said.world.changes, admin, "Lobby", before));
        CHECK(said.bodies().empty());
    }
    SECTION("all of it") {
        const auto cleared = clear_room(*said.world.changes, admin, "Lobby", {});
        REQUIRE_OK(cleared);
        CHECK(cleared->first == 4);
        CHECK(said.bodies().empty());
        CHECK(said.world.heard.clears[0].first == 4);
        CHECK(said.world.outbox().back().kind == compliance_purge);
        CHECK(said.world.audit()[0].new_value == R"({"first":4,"rev":1})");
        CHECK(said.world.post(said.bob, said.room, "four") == 4);
        CHECK(said.bodies() == Bodies{"four"});
    }
    SECTION("not in a dry run") {
        AdminCall dry = admin;
        dry.dry_run = true;
        const auto would = clear_room(*said.world.changes, dry, "Lobby", {});
        REQUIRE_OK(would);
        CHECK(would->first == 4);
        CHECK(said.bodies().size() == 3);
        CHECK(said.world.heard.clears.empty());
    }
}
