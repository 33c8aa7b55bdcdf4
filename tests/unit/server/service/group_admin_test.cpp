// SPDX-License-Identifier: Apache-2.0
#include "server/service/group_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

using Ids = std::vector<PrincipalId>;

GroupFields named(const std::string& name, const std::vector<std::string>& members = {}) {
    GroupFields out;
    out.name = name;
    out.members.add = members;
    return out;
}

GroupFields adding(const std::string& member) {
    GroupFields out;
    out.members.add = {member};
    return out;
}

GroupFields dropping(const std::string& member) {
    GroupFields out;
    out.members.remove = {member};
    return out;
}

bool may_join(ChatWorld& world, const std::string& user, const std::string& room) {
    const Person person = world.as(user).person;
    return world.directory.read([&](const DirectoryState& state) {
        return state.rights(person, *state.find_room(room)).has(Right::join);
    });
}

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

}  // namespace

TEST_CASE("group create: takes its members at once", "[group]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId quants = world.group("quants");
    const auto made = create_group(
        *world.changes, world.as("admin"), named("group:Analysts", {sip("ann"), "group:quants"})
    );
    REQUIRE_OK(made);
    CHECK(made->group.group.name == "Analysts");
    CHECK(made->group.group.display_name == "Analysts");
    const auto read = get_group(*world.content, "analysts");
    REQUIRE_OK(read);
    CHECK(read->members == Ids{ann, quants});
    CHECK(world.audit()[0].action == "group.create");
    CHECK(world.audit()[0].object_name == "group:Analysts");
    CHECK_THAT(*world.audit()[0].new_value, Catch::Contains(R"(["sip:ann@contoso.example",)"));
    CHECK(world.directory.read([&](const DirectoryState& state) {
        return state.person(ann).affiliations.size() == 3;  // itself, the group, everyone
    }));
}

TEST_CASE("group names: unique, visible, no ids", "[group]") {
    ChatWorld world;
    world.group("traders");
    const AdminCall admin = world.as("admin");
    const auto create = [&](const std::string& name) {
        return reason(create_group(*world.changes, admin, named(name)));
    };
    CHECK(create("TRADERS") == "group-exists");
    CHECK(create("") == "bad-value");
    CHECK(create(" x") == "bad-value");
    CHECK(create("a\nb") == "bad-value");
    CHECK(create("a\u202eb") == "bad-value");
    CHECK(create("01939f2c-0000-7000-8000-000000000000") == "bad-value");
    CHECK(create(std::string(379, 'x')) == "bad-value");  // with the prefix 385
    CHECK(create(std::string(378, 'x')) == "done");
    CHECK(reason(create_group(*world.changes, admin, {})) == "bad-request");
    REQUIRE_OK(change_group(*world.changes, admin, "traders", named("brokers")));
    CHECK(create("traders") == "done");
    GroupFields long_text = named("texts");
    long_text.display = std::string(257, 'x');
    CHECK(reason(create_group(*world.changes, admin, long_text)) == "too-long");
}

TEST_CASE("group members: users and groups, and no circle", "[group]") {
    ChatWorld world;
    const PrincipalId a = world.group("a");
    const PrincipalId b = world.group("b", {a});
    world.group("c", {b});
    const AdminCall admin = world.as("admin");
    const auto circle = change_group(*world.changes, admin, "c", adding("group:a"));
    CHECK(reason(circle) == "group-cycle");
    REQUIRE_ERR(circle, Errc::invalid, "group:a > group:b > group:c > group:a");
    const auto self = change_group(*world.changes, admin, "a", adding("group:a"));
    REQUIRE_ERR(self, Errc::invalid, "group:a > group:a");
    CHECK(reason(change_group(*world.changes, admin, "a", adding("everyone"))) == "bad-value");
    CHECK(
        reason(change_group(*world.changes, admin, "a", adding(sip("nobody")))) == "user-not-found"
    );
    REQUIRE_OK(change_group(*world.changes, admin, "a", adding("group:c")));  // twice below: good
    REQUIRE_OK(change_group(*world.changes, admin, "a", dropping("group:b")));
    CHECK(reason(change_group(*world.changes, admin, "c", adding("group:b"))) == "group-cycle");
    REQUIRE_OK(change_group(*world.changes, admin, "b", dropping("group:c")));
    CHECK(reason(change_group(*world.changes, admin, "c", adding("group:b"))) == "done");
}

TEST_CASE("group members: who leaves loses the rooms, also through nested groups", "[group]") {
    ChatWorld world;
    const PrincipalId desk = world.group("desk");
    const PrincipalId floor = world.group("floor", {desk});
    const PrincipalId ann = world.user("ann", {floor});
    world.room("Trades", "General", {.members = {desk}});
    const AdminCall admin = world.as("admin");
    CHECK(may_join(world, "ann", "Trades"));
    world.heard.touched.clear();
    REQUIRE_OK(change_group(*world.changes, admin, "floor", dropping(sip("ann"))));
    CHECK_FALSE(may_join(world, "ann", "Trades"));
    REQUIRE(world.heard.touched.size() == 1);
    CHECK(world.heard.touched[0].principals == Ids{ann, floor});
    CHECK(world.audit()[0].old_value == R"({"members":["sip:ann@contoso.example"]})");
    REQUIRE_OK(change_group(*world.changes, admin, "floor", adding(sip("ann"))));
    CHECK(may_join(world, "ann", "Trades"));
    REQUIRE_OK(change_group(*world.changes, admin, "desk", dropping("group:floor")));
    CHECK_FALSE(may_join(world, "ann", "Trades"));
}

TEST_CASE("group set: nothing differs, nothing is written", "[group]") {
    ChatWorld world;
    world.user("ann", {world.group("desk")});
    AdminCall admin = world.as("admin");
    const std::size_t entries = world.audit().size();
    const auto same = change_group(*world.changes, admin, "desk", adding(sip("ann")));
    REQUIRE_OK(same);
    CHECK(same->group.group.revision == 1);
    CHECK(world.audit().size() == entries);
    admin.revision = 2;
    CHECK(
        reason(change_group(*world.changes, admin, "desk", dropping(sip("ann")))) ==
        "changed-meanwhile"
    );
    admin.revision = 1;
    admin.dry_run = true;
    const auto would = change_group(*world.changes, admin, "desk", dropping(sip("ann")));
    REQUIRE_OK(would);
    CHECK(would->group.members.empty());
    CHECK(get_group(*world.content, "desk")->members.size() == 1);
}

TEST_CASE("group members: roles of a group are not taken by the back door", "[group]") {
    ChatWorld world;
    const PrincipalId admins = world.group("admins");
    world.grant(admins, AdminRole::pchat_admin);
    const PrincipalId inner = world.group("inner", {admins});
    world.user("ann", {inner});
    world.grant(world.user("una"), AdminRole::user_admin);
    const AdminCall una = world.as("una");
    for (const char* group : {"admins", "inner"}) {
        CHECK(
            reason(change_group(*world.changes, una, group, adding(sip("una")))) == "not-allowed"
        );
        CHECK(reason(remove_group(*world.changes, una, group)) == "not-allowed");
    }
    CHECK(
        reason(change_group(*world.changes, una, "inner", dropping(sip("ann")))) == "not-allowed"
    );
    GroupFields renamed;
    renamed.name = "harmless";
    CHECK(reason(change_group(*world.changes, una, "inner", renamed)) == "not-allowed");
    REQUIRE_OK(create_group(*world.changes, una, named("mine", {sip("una")})));
    CHECK(
        reason(change_group(*world.changes, una, "admins", adding("group:mine"))) == "not-allowed"
    );
    REQUIRE_OK(change_group(*world.changes, world.as("admin"), "inner", adding(sip("una"))));
}

TEST_CASE("group remove: says what went with it", "[group]") {
    ChatWorld world;
    const PrincipalId all = world.group("all");
    const PrincipalId desk = world.group("desk", {all});
    world.grant(desk, AdminRole::viewer);
    const PrincipalId ann = world.user("ann", {desk});
    world.category("Research", {.allowed = {desk}, .creators = {desk}});
    world.room("Lab", "Research", {.members = {desk}, .managers = {desk}});
    AdminCall admin = world.as("admin");
    admin.dry_run = true;
    const auto would = remove_group(*world.changes, admin, "desk");
    REQUIRE_OK(would);
    CHECK(would->taken.size() == 6);
    CHECK(may_join(world, "ann", "Lab"));
    admin.dry_run = false;
    const auto removed = remove_group(*world.changes, admin, "desk");
    REQUIRE_OK(removed);
    std::string taken;
    for (const TakenAway& one : removed->taken)
        taken += std::string{one.kind} + " " + one.name + " " + std::string{one.list} + "\n";
    for (const char* line :
         {"room Lab members\n",
          "room Lab managers\n",
          "category Research allow\n",
          "category Research creators\n",
          "group all members\n",
          "role viewer \n"})
        CHECK_THAT(taken, Catch::Contains(line));
    CHECK_FALSE(may_join(world, "ann", "Lab"));
    CHECK(world.room_now("Lab").members.empty());
    CHECK(world.category_now("Research").allowed.empty());
    CHECK(world.directory.read([&](const DirectoryState& state) {
        return state.principal(ann)->parents.empty();
    }));
    CHECK(reason(get_group(*world.content, "desk")) == "group-not-found");
    CHECK(reason(remove_group(*world.changes, admin, "desk")) == "group-not-found");
    REQUIRE_OK(create_group(*world.changes, admin, named("desk")));
}

TEST_CASE("group remove: a denied group goes by force only", "[group]") {
    ChatWorld world;
    const PrincipalId traders = world.group("traders");
    world.user("bob", {traders});
    world.category("Research", {.allowed = {world.everyone()}, .denied = {traders}});
    world.room("Lab", "Research", {.privacy = RoomPrivacy::open});
    const AdminCall admin = world.as("admin");
    CHECK_FALSE(may_join(world, "bob", "Lab"));
    const auto refused = remove_group(*world.changes, admin, "traders");
    CHECK(reason(refused) == "group-denied");
    REQUIRE_ERR(refused, Errc::conflict, "category 'Research' denies group 'traders'");
    REQUIRE_OK(remove_group(*world.changes, admin, "traders", Force::yes));
    CHECK(may_join(world, "bob", "Lab"));
}

TEST_CASE("group list: by name, by pages, without those that are gone", "[group]") {
    ChatWorld world;
    for (const char* name : {"beta", "Alpha", "gamma", "delta"})
        world.group(name);
    REQUIRE_OK(remove_group(*world.changes, world.as("admin"), "gamma"));
    const auto list = [&](const GroupListQuery& query) {
        const auto found = list_groups(*world.content, query);
        REQUIRE_OK(found);
        std::string out;
        for (const Principal& one : found->groups)
            out += one.name + " ";
        return std::pair{out, found->cursor};
    };
    CHECK(list({}).first == "Alpha beta delta ");
    GroupListQuery query;
    query.limit = 2;
    const auto first = list(query);
    CHECK(first.first == "Alpha beta ");
    query.cursor = first.second;
    CHECK(list(query).first == "delta ");
    query = {};
    query.filter = "L*A";
    CHECK(list(query).first == "Alpha delta ");
    query.cursor = "x";
    CHECK(reason(list_groups(*world.content, query)) == "bad-cursor");
}
