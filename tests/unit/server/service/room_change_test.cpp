// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/domain/name.h"
#include "server/service/room_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

using Ids = std::vector<PrincipalId>;

RoomFields named(const std::string& name, const std::string& category = "General") {
    RoomFields out;
    out.name = name;
    out.category = category;
    return out;
}

std::vector<std::string> sips(const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (const std::string& name : names)
        out.push_back(sip(name));
    return out;
}

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

}  // namespace

TEST_CASE("room change: a manager may all but enable, move and remove", "[room]") {
    ChatWorld world;
    const PrincipalId mia = world.user("mia");
    world.user("bob");
    world.room("Lobby", "General", {{}, {mia}});
    world.category("Own", {{world.everyone()}, {}, {mia}});
    world.category("Foreign", {{world.everyone()}});
    const AdminCall manager = world.as("mia");

    RoomFields fields;
    fields.name = "Salon";
    fields.description = "Talk";
    fields.invitations = false;
    fields.members.add = sips({"bob", "mia"});
    REQUIRE_OK(change_room(*world.changes, manager, "Lobby", fields));
    CHECK(world.room_now("Salon").room.description == "Talk");
    CHECK_FALSE(world.has_room("Lobby"));

    RoomFields off;
    off.disabled = true;
    REQUIRE_OK(change_room(*world.changes, manager, "Salon", off));
    RoomFields on;
    on.disabled = false;
    CHECK(reason(change_room(*world.changes, manager, "Salon", on)) == "not-allowed");
    CHECK(world.room_now("Salon").room.disabled);
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Salon", on));
    CHECK_FALSE(world.room_now("Salon").room.disabled);

    RoomFields foreign;
    foreign.category = "Foreign";
    CHECK(reason(change_room(*world.changes, manager, "Salon", foreign)) == "not-allowed");
    RoomFields own;
    own.category = "Own";
    const auto moved = change_room(*world.changes, manager, "Salon", own);
    REQUIRE_OK(moved);
    CHECK(moved->category == "Own");
    CHECK(reason(remove_room(*world.changes, manager, "Salon")) == "not-allowed");
}

TEST_CASE("room change: others are told of no room, or that they may not", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    world.user("eve");
    test::RoomLists secret{{bob}};
    secret.privacy = RoomPrivacy::secret;
    world.room("Merger", "General", secret);
    RoomFields fields;
    fields.description = "x";
    const auto unknown = change_room(*world.changes, world.as("eve"), "Nothing", fields);
    const auto hidden = change_room(*world.changes, world.as("eve"), "Merger", fields);
    REQUIRE_ERR(unknown, Errc::not_found, "room 'Nothing' does not exist, or is not for you");
    REQUIRE_ERR(hidden, Errc::not_found, "room 'Merger' does not exist, or is not for you");
    CHECK(reason(hidden) == reason(unknown));
    CHECK(hidden.error().hint == unknown.error().hint);
    CHECK(reason(change_room(*world.changes, world.as("bob"), "Merger", fields)) == "not-allowed");
    CHECK(reason(remove_room(*world.changes, world.as("eve"), "Merger")) == "room-not-found");
    world.grant(world.user("vic"), AdminRole::viewer);
    CHECK(reason(change_room(*world.changes, world.as("vic"), "Merger", fields)) == "not-allowed");
}

TEST_CASE("room change: is refused when somebody else was faster", "[room]") {
    ChatWorld world;
    world.room("Lobby", "General");
    AdminCall call = world.as("admin");
    call.revision = 1;
    RoomFields fields;
    fields.description = "first";
    const auto first = change_room(*world.changes, call, "Lobby", fields);
    REQUIRE_OK(first);
    CHECK(first->room.room.revision == 2);
    CHECK(world.room_now("Lobby").room.revision == 2);
    fields.description = "second";
    const auto second = change_room(*world.changes, call, "Lobby", fields);
    REQUIRE_ERR(second, Errc::conflict, "room 'Lobby'");
    CHECK(reason(second) == "changed-meanwhile");
    CHECK(reason(remove_room(*world.changes, call, "Lobby")) == "changed-meanwhile");
}

TEST_CASE("room change: that changes nothing leaves no trace", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    world.room("Lobby", "General", {{bob}});
    RoomFields fields;
    fields.name = "Lobby";
    fields.members.add = sips({"bob"});
    const auto same = change_room(*world.changes, world.as("admin"), "Lobby", fields);
    REQUIRE_OK(same);
    CHECK(same->room.room.revision == 1);
    CHECK(world.audit().empty());
    fields.name = "LOBBY";  // its own name in other letters is free
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", fields));
    CHECK(world.room_now("lobby").room.name == "LOBBY");
}

TEST_CASE("room change: the audit log has what came and went", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    world.user("cid");
    world.room("Lobby", "General", {{bob}});
    RoomFields fields;
    fields.members.replace = sips({"cid"});
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", fields));
    const auto audit = world.audit();
    REQUIRE(audit.size() == 1);
    CHECK(audit[0].action == "room.change");
    CHECK(audit[0].old_value == R"({"members":["sip:bob@contoso.example"]})");
    CHECK(audit[0].new_value == R"({"members":["sip:cid@contoso.example"]})");
}

TEST_CASE("room move: who is not allowed there goes, and is told", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const PrincipalId cid = world.user("cid");
    world.category("Narrow", {{bob}});
    world.room("Lobby", "General", {{bob, cid}, {cid}});
    AdminCall call = world.as("admin");
    RoomFields fields;
    fields.category = "Narrow";
    call.dry_run = true;
    const auto would = change_room(*world.changes, call, "Lobby", fields);
    REQUIRE_OK(would);
    CHECK(would->purged.size() == 2);
    CHECK(world.room_now("Lobby").members == Ids{bob, cid});
    call.dry_run = false;
    const auto moved = change_room(*world.changes, call, "Lobby", fields);
    REQUIRE_OK(moved);
    CHECK(moved->purged.size() == 2);
    CHECK(world.room_now("Lobby").members == Ids{bob});
    CHECK(world.room_now("Lobby").managers.empty());
    fields.category = "General";
    fields.members.add = sips({"cid"});
    REQUIRE_OK(change_room(*world.changes, call, "Lobby", fields));
    fields.category = "Narrow";  // asks for cid by name: refused, not purged
    CHECK(reason(change_room(*world.changes, call, "Lobby", fields)) == "principals-not-in-scope");
}

TEST_CASE("room remove: it and its name are free at once", "[room]") {
    ChatWorld world;
    world.room("Lobby", "General");
    AdminCall call = world.as("admin");
    call.dry_run = true;
    REQUIRE_OK(remove_room(*world.changes, call, "Lobby"));
    CHECK(world.has_room("Lobby"));
    call.dry_run = false;
    REQUIRE_OK(remove_room(*world.changes, call, "Lobby"));
    CHECK_FALSE(world.has_room("Lobby"));
    CHECK(reason(remove_room(*world.changes, call, "Lobby")) == "room-not-found");
    REQUIRE(world.outbox().size() == 1);
    CHECK(world.outbox()[0].kind == compliance_purge);
    CHECK(world.audit()[0].action == "room.remove");
    REQUIRE_OK(create_room(*world.changes, call, named("Lobby")));
}

TEST_CASE("room add-in: must be registered", "[room]") {
    ChatWorld world;
    world.write([&](ContentTransaction& tx) {
        Addin addin;
        addin.id = AddinId{1};
        addin.uuid = "01890a5d-ac96-774b-bcce-b302099a8057";
        addin.name = "Charts";
        addin.name_key = name_key("Charts");
        addin.url = "https://charts.example/";
        return tx.addins().insert(addin);
    });
    REQUIRE_OK(world.directory.load(*world.content));
    RoomFields fields = named("Lobby");
    fields.addin = "Nothing";
    CHECK(reason(create_room(*world.changes, world.as("admin"), fields)) == "addin-not-found");
    fields.addin = "charts";
    const auto made = create_room(*world.changes, world.as("admin"), fields);
    REQUIRE_OK(made);
    CHECK(made->addin == "Charts");
    RoomFields none;
    none.addin = "";
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", none));
    CHECK_FALSE(world.room_now("Lobby").room.addin);
}
