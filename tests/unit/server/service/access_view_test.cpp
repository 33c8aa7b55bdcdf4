// SPDX-License-Identifier: Apache-2.0
#include "server/service/access_view.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <algorithm>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

AccessView view(ChatWorld& world, const std::string& user, const std::string& room) {
    const PrincipalId id = world.user(user);
    return world.directory.read([&](const DirectoryState& state) {
        return view_access(state, *state.principal(id), *state.find_room(room));
    });
}

const AccessView::Step& step(const AccessView& view, AccessRule rule) {
    const auto found = std::find_if(view.steps.begin(), view.steps.end(), [&](const auto& one) {
        return one.rule == rule;
    });
    REQUIRE(found != view.steps.end());
    return *found;
}

using Path = std::vector<std::string>;

}  // namespace

TEST_CASE("access explain: names the chain of groups up to each entry", "[access]") {
    ChatWorld world;
    const PrincipalId staff = world.group("staff");
    const PrincipalId desk = world.group("desk", {staff});
    world.user("ann", {desk});
    world.category("Research", {.allowed = {staff, world.everyone()}});
    world.room("Lab", "Research", {.members = {desk}});
    const AccessView found = view(world, "ann", "Lab");
    CHECK(found.user == sip("ann"));
    CHECK(found.room_name == "Lab");
    CHECK(found.category == "Research");
    CHECK(found.policy.policy == "global");
    CHECK(found.rights.has(Right::chat));
    auto allowed = step(found, AccessRule::allowed_in_category).paths;
    std::sort(allowed.begin(), allowed.end());
    REQUIRE(allowed.size() == 2);
    CHECK(allowed[0] == Path{sip("ann"), "everyone"});
    CHECK(allowed[1] == Path{sip("ann"), "group:desk", "group:staff"});
    const std::vector<Path> member{{sip("ann"), "group:desk"}};
    CHECK(step(found, AccessRule::member).paths == member);
    CHECK(found.reasons.size() == all_rights.size());
    for (const RightReason& reason : found.reasons)
        CHECK(reason.granted == found.rights.has(reason.right));
}

TEST_CASE("access explain: denial and roles tell where they come from", "[access]") {
    ChatWorld world;
    const PrincipalId traders = world.group("traders");
    const PrincipalId admins = world.group("admins");
    world.grant(admins, AdminRole::pchat_admin);
    world.user("bob", {traders, admins});
    world.category("Research", {.allowed = {world.everyone()}, .denied = {traders}});
    world.room("Lab", "Research");
    const AccessView found = view(world, "bob", "Lab");
    const std::vector<Path> denied{{sip("bob"), "group:traders"}};
    CHECK(step(found, AccessRule::denied_in_category).paths == denied);
    const std::vector<Path> role{{sip("bob"), "group:admins"}};
    CHECK(step(found, AccessRule::administrator).paths == role);
    CHECK(found.rights.has(Right::manage));
    CHECK_FALSE(found.rights.has(Right::join));
}

TEST_CASE("access diff: of two users it lists the rooms that differ, by pages", "[access]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    for (const char* name : {"C", "A", "B"})
        world.room(name, "General", {.members = {ann}});
    world.room("Both", "General", {.members = {ann, bob}});
    const auto page = [&](int limit, const std::optional<std::string>& cursor) {
        return world.directory.read([&](const DirectoryState& state) {
            auto found = compare_users(state, ann, bob, limit, cursor);
            REQUIRE_OK(found);
            std::string names;
            for (const RoomDifference& one : found->rooms) {
                names += state.room(one.room)->room.name;
                CHECK(one.first.has(Right::join));
                CHECK_FALSE(one.second.has(Right::join));
            }
            return std::pair{names, found->cursor};
        });
    };
    const auto first = page(2, std::nullopt);
    CHECK(first.first == "AB");
    REQUIRE(first.second.has_value());
    const auto second = page(2, first.second);
    CHECK(second.first == "C");
    CHECK_FALSE(second.second.has_value());
}
