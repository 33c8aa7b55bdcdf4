// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_admin.h"
#include "server/service/room_invitations.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <set>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

std::set<PrincipalId> invited(ChatWorld& world) {
    std::set<PrincipalId> out;
    for (const Invitation& one : world.heard.invitations)
        out.insert(one.user);
    return out;
}

RoomFields with_members(const std::string& name, const std::vector<std::string>& members) {
    RoomFields out;
    out.name = name;
    out.members.add = members;
    return out;
}

}  // namespace

TEST_CASE("invitations: new members get one each, groups are expanded", "[room]") {
    ChatWorld world;
    const PrincipalId sales = world.group("sales");
    const PrincipalId west = world.group("west", {sales});
    const PrincipalId bob = world.user("bob", {west});
    const PrincipalId cid = world.user("cid", {sales, west});
    const PrincipalId eve = world.user("eve", {west});
    world.set_state(eve, PrincipalState::disabled);
    const PrincipalId ann = world.user("ann");
    const auto made = create_room(
        *world.changes, world.as("admin"), with_members("Lobby", {"group:sales", sip("ann")})
    );
    REQUIRE_OK(made);
    CHECK(made->invited == 3);
    CHECK(invited(world) == std::set{ann, bob, cid});
    CHECK(world.heard.invitations.size() == 3);
    CHECK(world.heard.invitations[0].invited_by == world.user("admin"));
}

TEST_CASE("invitations: only those who come later are told later", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const PrincipalId cid = world.user("cid");
    world.room("Lobby", "General", {{bob}});
    RoomFields fields;
    fields.members.add = {sip("bob"), sip("cid")};
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", fields));
    CHECK(invited(world) == std::set{cid});

    // Who leaves and comes back is told again.
    RoomFields away;
    away.members.remove = {sip("cid")};
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", away));
    world.heard.invitations.clear();
    REQUIRE_OK(change_room(*world.changes, world.as("admin"), "Lobby", fields));
    REQUIRE(world.heard.invitations.size() == 1);
    CHECK(world.heard.invitations[0].sequence == 2);
}

TEST_CASE("invitations: an open room tells all whom its category allows", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const PrincipalId eve = world.user("eve");
    world.user("zoe");
    world.category("Few", {{bob, eve}, {eve}});
    RoomFields fields;
    fields.name = "Plaza";
    fields.category = "Few";
    fields.privacy = RoomPrivacy::open;
    REQUIRE_OK(create_room(*world.changes, world.as("admin"), fields));
    CHECK(invited(world) == std::set{bob});

    world.heard.invitations.clear();
    fields.name = "Square";
    fields.category = "General";  // everyone
    REQUIRE_OK(create_room(*world.changes, world.as("admin"), fields));
    CHECK(invited(world) == std::set{bob, eve, world.user("zoe"), world.user("admin")});
}

TEST_CASE("invitations: the category or the room can have them off", "[room]") {
    ChatWorld world;
    world.user("bob");
    test::CategoryScope quiet{{world.everyone()}};
    quiet.invitations = false;
    world.category("Quiet", quiet);
    RoomFields in_quiet = with_members("A", {sip("bob")});
    in_quiet.category = "Quiet";
    REQUIRE_OK(create_room(*world.changes, world.as("admin"), in_quiet));
    RoomFields off = with_members("B", {sip("bob")});
    off.invitations = false;
    REQUIRE_OK(create_room(*world.changes, world.as("admin"), off));
    CHECK(world.heard.invitations.empty());
}
