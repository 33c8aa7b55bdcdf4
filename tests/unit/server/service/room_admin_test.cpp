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

TEST_CASE("room create: needs a creator of the category or an administrator", "[room]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId analysts = world.group("analysts");
    const PrincipalId cid = world.user("cid", {analysts});
    const PrincipalId eve = world.user("eve", {analysts});
    world.category("Research", {{ann, analysts}, {eve}, {analysts}});

    CHECK(
        reason(create_room(*world.changes, world.as("ann"), named("A", "Research"))) ==
        "not-allowed"
    );
    CHECK(
        reason(create_room(*world.changes, world.as("eve"), named("B", "Research"))) ==
        "not-allowed"
    );  // denied, though of the group
    const auto made = create_room(*world.changes, world.as("cid"), named("C", "Research"));
    REQUIRE_OK(made);
    CHECK(made->room.managers == Ids{cid});
    CHECK(made->may.has(Right::manage));
    CHECK(world.room_now("C").managers == Ids{cid});

    const auto by_admin = create_room(*world.changes, world.as("admin"), named("D", "Research"));
    REQUIRE_OK(by_admin);
    CHECK(by_admin->room.managers.empty());
}

TEST_CASE("room create: takes the category General when none is named", "[room]") {
    ChatWorld world;
    RoomFields fields;
    fields.name = "Lobby";
    const auto made = create_room(*world.changes, world.as("admin"), fields);
    REQUIRE_OK(made);
    CHECK(made->category == "General");
    CHECK(made->room.room.privacy == RoomPrivacy::closed);
    fields.name = "Other";
    fields.category = "Nowhere";
    CHECK(reason(create_room(*world.changes, world.as("admin"), fields)) == "category-not-found");
}

TEST_CASE("room create: tells the audit log, compliance and memory", "[room]") {
    ChatWorld world;
    world.user("bob");
    RoomFields fields = named("Lobby");
    fields.members.add = sips({"bob"});
    REQUIRE_OK(create_room(*world.changes, world.as("admin"), fields));
    const auto audit = world.audit();
    REQUIRE(audit.size() == 1);
    CHECK(audit[0].action == "room.create");
    CHECK(audit[0].actor_name == sip("admin"));
    CHECK(audit[0].object_name == "Lobby");
    CHECK_FALSE(audit[0].old_value);
    CHECK_THAT(audit[0].new_value.value_or(""), Catch::Contains(R"("members":["sip:bob@)"));
    const auto outbox = world.outbox();
    REQUIRE(outbox.size() == 1);
    CHECK(outbox[0].kind == compliance_room);
    CHECK_THAT(outbox[0].body, Catch::Contains(R"("room_name":"Lobby")"));
    REQUIRE(world.heard.touched.size() == 1);
    CHECK(world.heard.touched[0].rooms == std::vector{world.room_now("Lobby").room.id});
}

TEST_CASE("room create: with dry_run answers and changes nothing", "[room]") {
    ChatWorld world;
    AdminCall call = world.as("admin");
    call.dry_run = true;
    world.user("bob");
    RoomFields fields = named("Lobby");
    fields.members.replace = sips({"bob"});
    const auto would = create_room(*world.changes, call, fields);
    REQUIRE_OK(would);
    CHECK(would->room.room.name == "Lobby");
    CHECK(would->invited == 1);
    CHECK_FALSE(world.has_room("Lobby"));
    CHECK(world.audit().empty());
    CHECK(world.heard.invitations.empty());
    CHECK(world.heard.touched.empty());
}

TEST_CASE("room names: are trimmed, short, visible, no ids and unique", "[room]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    const auto create = [&](const std::string& name) {
        return create_room(*world.changes, admin, named(name));
    };
    const auto trimmed = create(" \t Lobby\u00a0 ");
    REQUIRE_OK(trimmed);
    CHECK(trimmed->room.room.name == "Lobby");
    CHECK(reason(create("  ")) == "bad-value");
    CHECK(reason(create("a\nb")) == "bad-value");
    CHECK(reason(create("a\u202eb")) == "bad-value");
    CHECK(reason(create("pool\\room")) == "bad-value");
    CHECK(reason(create("01890a5d-ac96-774b-bcce-b302099a8057")) == "bad-value");
    std::string longest;
    for (int i = 0; i < 256; ++i)
        longest += "é";
    REQUIRE_OK(create(longest));
    CHECK(reason(create(longest + "x")) == "too-long");
    CHECK(reason(create("LOBBY")) == "room-exists");
    CHECK(reason(create("general")) == "name-taken");
    RoomFields nameless;
    CHECK(reason(create_room(*world.changes, admin, nameless)) == "bad-request");
    RoomFields wordy = named("Wordy");
    wordy.description = longest + "x";
    CHECK(reason(create_room(*world.changes, admin, wordy)) == "too-long");
}

TEST_CASE("room names: a secret room's tells no more than that it is taken", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    world.category("Open", {{world.everyone()}, {}, {bob}});
    test::RoomLists secret;
    secret.privacy = RoomPrivacy::secret;
    world.room("Merger", "Open", secret);
    const auto refused = create_room(*world.changes, world.as("bob"), named("Merger", "Open"));
    REQUIRE_ERR(refused, Errc::conflict, "is taken");
    CHECK(reason(refused) == "name-taken");
    CHECK(
        reason(create_room(*world.changes, world.as("admin"), named("Merger", "Open"))) ==
        "room-exists"
    );
}

TEST_CASE("room lists: everybody on them is allowed in the category", "[room]") {
    ChatWorld world;
    const PrincipalId sales = world.group("sales");
    const PrincipalId west = world.group("west", {sales});
    const PrincipalId banned = world.group("banned", {sales});
    const PrincipalId below = world.group("below", {banned});
    const PrincipalId bob = world.user("bob", {west});
    const PrincipalId eve = world.user("eve", {west, banned});
    world.user("zoe");
    world.category("Sales", {{sales}, {banned}});
    const AdminCall admin = world.as("admin");
    const auto with = [&](const std::vector<std::string>& members) {
        AdminCall dry = admin;
        dry.dry_run = true;
        RoomFields fields = named("R", "Sales");
        fields.members.replace = members;
        return create_room(*world.changes, dry, fields);
    };
    const auto good = with({sip("bob"), "group:west", "group:sales"});
    REQUIRE_OK(good);
    Ids expected{sales, west, bob};
    std::sort(expected.begin(), expected.end());
    CHECK(good->room.members == expected);
    const auto outside = with({sip("bob"), sip("zoe")});
    REQUIRE_ERR(outside, Errc::invalid, sip("zoe"));
    CHECK(reason(outside) == "principals-not-in-scope");
    CHECK_THAT(outside.error().message, !Catch::Contains(sip("bob")));
    CHECK(reason(with({sip("eve")})) == "principals-not-in-scope");      // denied by a group
    CHECK(reason(with({"group:banned"})) == "principals-not-in-scope");  // denied itself
    CHECK(reason(with({"group:below"})) == "principals-not-in-scope");   // nobody could come in
    CHECK(reason(with({"everyone"})) == "principals-not-in-scope");
    CHECK(reason(with({sip("nobody")})) == "user-not-found");
    CHECK(reason(with({"group:nothing"})) == "principal-not-found");
    CHECK(reason(with({"bob"})) == "bad-value");
    static_cast<void>(below);
    static_cast<void>(eve);

    RoomFields managers = named("M", "Sales");
    managers.managers.add = sips({"zoe"});
    CHECK(reason(create_room(*world.changes, admin, managers)) == "principals-not-in-scope");
}

TEST_CASE("room lists: near names are told to who has a role", "[room]") {
    ChatWorld world;
    world.group("sales");
    world.room("Lobby", "General", {{}, {world.user("bob")}});
    const auto hint = [&](const AdminCall& call, const std::string& member) {
        RoomFields fields;
        fields.members.add = {member};
        const auto refused = change_room(*world.changes, call, "Lobby", fields);
        REQUIRE_ERR(refused, Errc::not_found, "does not exist");
        return refused.error().hint;
    };
    CHECK(hint(world.as("admin"), "group:sakes") == "did you mean group:sales");
    const std::string fixed = hint(world.as("bob"), "group:sakes");
    CHECK_THAT(fixed, Catch::Contains("group:NAME") && !Catch::Contains("sales"));
    CHECK(hint(world.as("bob"), "group:nothing like it") == fixed);
    CHECK(
        hint(world.as("admin"), "group:" + std::string(129, 's')) == fixed
    );  // too long to compare
    CHECK(hint(world.as("admin"), sip("bobb")) == "did you mean " + sip("bob"));
    const std::string list = hint(world.as("bob"), sip("bobb"));
    CHECK_THAT(list, Catch::Contains("pchatctl user list"));
    CHECK(
        hint(world.as("admin"), sip("nobody.like.that")) == list
    );  // not the nearest of thousands
}

TEST_CASE("room lists: open rooms have no members", "[room]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const AdminCall admin = world.as("admin");
    RoomFields fields = named("Plaza");
    fields.privacy = RoomPrivacy::open;
    fields.members.add = sips({"bob"});
    CHECK(reason(create_room(*world.changes, admin, fields)) == "open-room-members");

    world.room("Lobby", "General", {{bob}});
    RoomFields open;
    open.privacy = RoomPrivacy::open;
    const auto opened = change_room(*world.changes, admin, "Lobby", open);
    REQUIRE_OK(opened);
    CHECK(opened->room.members.empty());
    REQUIRE(opened->purged.size() == 1);
    CHECK(opened->purged[0].list == "members");
    CHECK(opened->purged[0].principal == sip("bob"));
    CHECK(opened->purged[0].room_name == "Lobby");
    CHECK(world.room_now("Lobby").members.empty());

    RoomFields secret;
    secret.privacy = RoomPrivacy::secret;
    secret.members.add = sips({"bob"});
    REQUIRE_OK(change_room(*world.changes, admin, "Lobby", secret));
    RoomFields closed;
    closed.privacy = RoomPrivacy::closed;
    const auto again = change_room(*world.changes, admin, "Lobby", closed);
    REQUIRE_OK(again);
    CHECK(again->room.members == Ids{bob});
    CHECK(again->purged.empty());
}

TEST_CASE("room lists: presenters are members of an auditorium", "[room]") {
    ChatWorld world;
    const PrincipalId west = world.group("west");
    const PrincipalId bob = world.user("bob", {west});
    const PrincipalId cid = world.user("cid");
    const AdminCall admin = world.as("admin");
    RoomFields fields = named("Hall");
    fields.members.add = {"group:west"};
    fields.presenters.add = sips({"bob"});
    CHECK(reason(create_room(*world.changes, admin, fields)) == "presenter-not-member");
    fields.type = RoomType::auditorium;
    REQUIRE_OK(create_room(*world.changes, admin, fields));
    CHECK(world.room_now("Hall").presenters == Ids{bob});

    RoomFields outsider;
    outsider.presenters.add = sips({"cid"});
    const auto refused = change_room(*world.changes, admin, "Hall", outsider);
    REQUIRE_ERR(refused, Errc::invalid, sip("cid"));
    CHECK(reason(refused) == "presenter-not-member");
    outsider.members.add = sips({"cid"});
    REQUIRE_OK(change_room(*world.changes, admin, "Hall", outsider));
    CHECK(world.room_now("Hall").presenters.size() == 2);

    SECTION("who is a member no more presents no more") {
        RoomFields without;
        without.members.remove = {"group:west"};
        const auto changed = change_room(*world.changes, admin, "Hall", without);
        REQUIRE_OK(changed);
        CHECK(changed->room.presenters == Ids{cid});
        REQUIRE(changed->purged.size() == 1);
        CHECK(changed->purged[0].list == "presenters");
        CHECK(changed->purged[0].principal == sip("bob"));
    }
    SECTION("a normal room has none") {
        RoomFields normal;
        normal.type = RoomType::normal;
        const auto changed = change_room(*world.changes, admin, "Hall", normal);
        REQUIRE_OK(changed);
        CHECK(changed->room.presenters.empty());
        CHECK(changed->purged.size() == 2);
        CHECK(world.room_now("Hall").presenters.empty());
    }
    SECTION("of an open auditorium everybody allowed may be one") {
        RoomFields open;
        open.privacy = RoomPrivacy::open;
        const auto changed = change_room(*world.changes, admin, "Hall", open);
        REQUIRE_OK(changed);
        CHECK(changed->room.presenters.size() == 2);
        CHECK(changed->room.members.empty());
    }
}
