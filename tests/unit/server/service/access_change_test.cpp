// SPDX-License-Identifier: Apache-2.0
// What a change is foreseen to do, against what it does.
#include "server/service/access_change.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <algorithm>
#include <array>
#include <map>
#include <random>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

/// Ten people in four groups, two categories and some rooms.
struct Firm {
    ChatWorld world;
    std::vector<PrincipalId> groups;
    std::vector<PrincipalId> users;
    std::mt19937 random{9};

    Firm() {
        for (const char* name : {"g0", "g1", "g2", "g3"})
            groups.push_back(world.group(name, groups.empty() ? groups : pick(groups, 1)));
        for (int i = 0; i < 10; ++i)
            users.push_back(world.user("u" + std::to_string(i), pick(groups, 2)));
        world.category("One", {.allowed = pick(groups, 3)});
        world.category("Two", {.allowed = pick(groups, 2), .denied = pick(groups, 1)});
        constexpr std::array privacies{RoomPrivacy::open, RoomPrivacy::closed, RoomPrivacy::secret};
        for (int i = 0; i < 6; ++i) {
            RoomLists lists;
            lists.privacy = privacies[random() % 3];
            if (lists.privacy != RoomPrivacy::open)
                lists.members = pick(groups, 2);
            lists.managers = pick(users, 2);
            world.room("r" + std::to_string(i), i % 2 == 0 ? "One" : "Two", lists);
        }
    }

    using RoomLists = test::RoomLists;

    std::vector<PrincipalId> pick(const std::vector<PrincipalId>& from, std::size_t count) {
        std::vector<PrincipalId> out;
        for (std::size_t i = 0; i < count; ++i)
            out.push_back(from[random() % from.size()]);
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    }

    std::string group_name() { return "group:g" + std::to_string(random() % 4); }

    using Table = std::map<std::pair<PrincipalId, std::string>, std::uint16_t>;
    Table rights() {
        return world.directory.read([&](const DirectoryState& state) {
            Table out;
            state.each_principal([&](const KnownPrincipal& one) {
                if (one.kind != PrincipalKind::user)
                    return;
                const Person person = state.person(one.id);
                state.each_room([&](const KnownRoom& room) {
                    out[{one.id, room.room.name}] = state.rights(person, room).bits();
                });
            });
            return out;
        });
    }
};

/// What differs between two tables, as the foreseen differences are put down.
std::map<std::pair<PrincipalId, std::string>, std::pair<std::uint16_t, std::uint16_t>> changed(
    const Firm::Table& before, const Firm::Table& after
) {
    std::map<std::pair<PrincipalId, std::string>, std::pair<std::uint16_t, std::uint16_t>> out;
    for (const auto& [key, rights] : before)
        if (after.at(key) != rights)
            out[key] = {rights, after.at(key)};
    return out;
}

std::map<std::pair<PrincipalId, std::string>, std::pair<std::uint16_t, std::uint16_t>> foreseen(
    Firm& firm, const AccessScenario& scenario
) {
    const AccessDifferences found = differences(firm.world.directory, scenario, 10'000);
    CHECK(found.complete);
    CHECK(found.count == found.shown.size());
    std::map<std::pair<PrincipalId, std::string>, std::pair<std::uint16_t, std::uint16_t>> out;
    for (const AccessDifference& one : found.shown)
        out[{one.user, scenario.rooms[one.room].before.room.name}] = {
            one.before.bits(), one.after.bits()};
    return out;
}

}  // namespace

TEST_CASE("access diff: foresees what a change of a category does", "[access]") {
    Firm firm;
    const AdminCall admin = firm.world.as("admin");
    std::size_t affected = 0;
    for (int round = 0; round < 60; ++round) {
        const std::string category = round % 2 == 0 ? "One" : "Two";
        CategoryFields fields;
        (firm.random() % 2 == 0 ? fields.allow : fields.deny).add = {firm.group_name()};
        (firm.random() % 2 == 0 ? fields.allow : fields.deny).remove = {firm.group_name()};
        const auto scenario = foresee_category(*firm.world.changes, admin, category, fields);
        REQUIRE_OK(scenario);
        const Firm::Table before = firm.rights();
        const auto expected = foreseen(firm, *scenario);
        const auto done = change_category(*firm.world.changes, admin, category, fields);
        REQUIRE_OK(done);
        CHECK(done->purged.size() == scenario->purged.size());
        const auto real = changed(before, firm.rights());
        if (real != expected)
            FAIL("round " << round);
        affected += real.size();
    }
    CHECK(affected > 50);
}

TEST_CASE("access diff: foresees what a change of a room does, or refuses it", "[access]") {
    Firm firm;
    const AdminCall admin = firm.world.as("admin");
    std::size_t affected = 0;
    int refused = 0;
    for (int round = 0; round < 80; ++round) {
        const std::string room = "r" + std::to_string(firm.random() % 6);
        RoomFields fields;
        if (firm.random() % 3 == 0)
            fields.category = firm.random() % 2 == 0 ? "One" : "Two";
        if (firm.random() % 3 == 0)
            fields.privacy = static_cast<RoomPrivacy>(1 + firm.random() % 3);
        if (firm.random() % 2 == 0)
            fields.members.add = {firm.group_name()};
        if (firm.random() % 4 == 0)
            fields.disabled = firm.random() % 2 == 0;
        const auto scenario = foresee_room(*firm.world.changes, admin, room, fields);
        const Firm::Table before = firm.rights();
        const auto expected =
            scenario ? foreseen(firm, *scenario) : decltype(foreseen(firm, *scenario)){};
        const auto done = change_room(*firm.world.changes, admin, room, fields);
        REQUIRE(done.has_value() == scenario.has_value());
        if (!done) {
            CHECK(done.error().message == scenario.error().message);
            ++refused;
            continue;
        }
        const auto real = changed(before, firm.rights());
        if (real != expected)
            FAIL("round " << round);
        affected += real.size();
    }
    CHECK(affected > 50);
    CHECK(refused > 5);
}

TEST_CASE("access diff: a viewer may ask, nothing is kept, and the rest is counted", "[access]") {
    ChatWorld world;
    for (const char* name : {"ann", "bob", "cat"})
        world.user(name);
    world.grant(world.user("vic"), AdminRole::viewer);
    world.room("Lobby", "General", {.privacy = RoomPrivacy::open});
    RoomFields fields;
    fields.disabled = true;
    const std::size_t entries = world.audit().size();
    const auto scenario = foresee_room(*world.changes, world.as("vic"), "Lobby", fields);
    REQUIRE_OK(scenario);
    CHECK_FALSE(world.room_now("Lobby").room.disabled);
    CHECK(world.audit().size() == entries);
    const AccessDifferences found = differences(world.directory, *scenario, 2);
    CHECK(found.shown.size() == 2);
    CHECK(found.count == 5);  // the administrator loses the right to join as well
    CHECK(found.users == 5);
    CHECK(found.complete);
    // Two a user: what the user is, and the room.
    const AccessDifferences part = differences(world.directory, *scenario, 10, 4);
    CHECK(part.count == 2);
    CHECK_FALSE(part.complete);
    CHECK(differences(world.directory, *scenario, 10, 11).complete);
}

TEST_CASE("access diff: two rooms are compared user by user", "[access]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    world.room("A", "General", {.members = {ann}});
    world.room("B", "General", {.members = {bob}});
    const auto scenario = world.directory.read([](const DirectoryState& state) {
        return rooms_beside(state, "A", "b");
    });
    REQUIRE_OK(scenario);
    const AccessDifferences found = differences(world.directory, *scenario, 10);
    REQUIRE(found.shown.size() == 2);
    CHECK(found.shown[0].user == ann);
    CHECK(found.shown[0].before.has(Right::join));
    CHECK(found.shown[1].user == bob);
    CHECK(found.shown[1].after.has(Right::join));
    const auto none = world.directory.read([](const DirectoryState& state) {
        return rooms_beside(state, "A", "Nowhere");
    });
    REQUIRE_ERR(none, Errc::not_found, "Nowhere");
}
