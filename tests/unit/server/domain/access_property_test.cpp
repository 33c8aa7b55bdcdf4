// SPDX-License-Identifier: Apache-2.0
// access() against a reference that is slow and reads like the rules: over many small worlds of
// nested groups, units and overlapping lists, and over few large ones.
#include "server/domain/access.h"
#include "tests/support/catch.h"
#include "tests/unit/server/domain/access_reference.h"

#include <array>
#include <random>

using namespace pchat;
using namespace pchat::test;

namespace {

class Chance {
public:
    explicit Chance(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }
    bool one_in(std::uint32_t times) { return below(times) == 0; }

private:
    std::mt19937 random_;
};

constexpr std::uint32_t principals = 8;  // the first is the user

PrincipalId pick(Chance& chance) {
    return {1 + chance.below(principals)};
}

IdSet pick_some(Chance& chance, std::uint32_t at_most) {
    IdSet ids;
    for (std::uint32_t left = chance.below(at_most + 1); left > 0; --left)
        ids.insert(pick(chance));
    return ids;
}

World make_world(Chance& chance) {
    World world;
    for (std::uint32_t left = chance.below(8); left > 0; --left)
        world.memberships.push_back({pick(chance), pick(chance)});
    world.user = {1};
    world.state = chance.one_in(12)   ? PrincipalState::disabled
                  : chance.one_in(12) ? PrincipalState::gone
                                      : PrincipalState::active;
    world.policy_enabled = !chance.one_in(8);
    world.administers = chance.one_in(8);
    world.category_invitations = chance.one_in(2);
    world.category_files = chance.one_in(2);
    world.category_history = chance.one_in(2);
    world.allowed = pick_some(chance, 5);
    world.denied = pick_some(chance, 1);
    world.type = chance.one_in(2) ? RoomType::normal : RoomType::auditorium;
    world.privacy =
        std::array{RoomPrivacy::open, RoomPrivacy::closed, RoomPrivacy::secret}[chance.below(3)];
    world.room_invitations = chance.one_in(2);
    world.room_disabled = chance.one_in(6);
    world.members = pick_some(chance, 4);
    world.managers = pick_some(chance, 2);
    world.presenters = pick_some(chance, 3);
    return world;
}

std::vector<PrincipalId> sorted(const IdSet& ids) {
    return {ids.begin(), ids.end()};
}

// What the program is handed for a world, kept as long as it is asked about.
struct Handed {
    explicit Handed(const World& world)
        : allowed(sorted(world.allowed)), denied(sorted(world.denied)),
          members(sorted(world.members)), managers(sorted(world.managers)),
          presenters(sorted(world.presenters)) {
        for (std::uint32_t id = 1; id <= principals; ++id)
            if (belongs_to(world, world.user, {id}))
                affiliations.push_back({id});
        user = {world.state, world.policy_enabled, world.administers, affiliations};
        category = {
            world.category_invitations,
            world.category_files,
            world.category_history,
            allowed,
            denied};
        room = {
            world.type,
            world.privacy,
            world.room_invitations,
            world.room_disabled,
            members,
            managers,
            presenters};
    }
    Handed(const Handed&) = delete;
    Handed& operator=(const Handed&) = delete;

    std::vector<PrincipalId> affiliations, allowed, denied, members, managers, presenters;
    AccessUser user;
    AccessCategory category;
    AccessRoom room;
};

// The list that a rule asks about; null: it asks about none.
const IdSet* list_of(const World& world, AccessRule rule) {
    switch (rule) {
    case AccessRule::allowed_in_category:
        return &world.allowed;
    case AccessRule::denied_in_category:
        return &world.denied;
    case AccessRule::manager:
        return &world.managers;
    case AccessRule::member:
        return &world.members;
    case AccessRule::presenter:
        return &world.presenters;
    default:
        return nullptr;
    }
}

bool names_its_entries(const World& world, const AccessStep& step) {
    std::vector<PrincipalId> expected;
    const IdSet* const list = list_of(world, step.rule);
    if (!list)
        return step.entries.empty();
    for (const PrincipalId entry : *list)
        if (belongs_to(world, world.user, entry))
            expected.push_back(entry);
    return step.entries == expected && step.holds == !expected.empty();
}

}  // namespace

TEST_CASE("access: small random worlds agree with the reference", "[access]") {
    Chance chance{5041};
    std::map<Right, int> granted;
    std::map<Right, int> refused;
    std::map<AccessRule, int> held;
    std::map<AccessRule, int> failed;
    constexpr int rounds = 100'000;
    for (int round = 0; round < rounds; ++round) {
        const World world = make_world(chance);
        const Handed handed{world};
        const Rights rights = access(handed.user, handed.category, handed.room);
        for (const auto& [right, expected] : expected_rights(world)) {
            if (rights.has(right) != expected)
                FAIL("round " << round << ", right " << static_cast<int>(right));
            ++(expected ? granted : refused)[right];
        }

        const auto derivation = explain_access(handed.user, handed.category, handed.room);
        Rights given;
        for (const AccessStep& step : derivation.steps) {
            given |= step.gives;
            ++(step.holds ? held : failed)[step.rule];
            if (!names_its_entries(world, step))
                FAIL("round " << round << ", step " << static_cast<int>(step.rule));
        }
        if (derivation.rights != rights || given != rights)
            FAIL("round " << round << ", derivation");
    }
    // The worlds are of use only if all of it happens in them, both ways.
    CHECK(granted.size() == 8);
    CHECK(refused.size() == 8);
    for (const auto& [right, times] : granted)
        CHECK(times > rounds / 100);
    CHECK(held.size() == 16);
    CHECK(failed.size() == 16);
}

TEST_CASE("access: an entry is found wherever it stands in lists of any length", "[access]") {
    Chance chance{8011};
    int found = 0;
    constexpr int rounds = 2'000;
    for (int round = 0; round < rounds; ++round) {
        const auto list = [&](std::uint32_t length) {
            IdSet ids;
            for (std::uint32_t left = length; left > 0; --left)
                ids.insert({1 + chance.below(20'000)});
            return sorted(ids);
        };
        const auto affiliations = list(chance.below(chance.one_in(2) ? 4 : 200));
        const auto members = list(chance.below(chance.one_in(2) ? 4 : 400));
        bool expected = false;
        for (const PrincipalId one : affiliations)
            for (const PrincipalId member : members)
                expected = expected || one == member;

        AccessRoom room;
        room.members = members;
        AccessCategory category;
        category.allowed = affiliations;
        const AccessUser user{PrincipalState::active, true, false, affiliations};
        if (access(user, category, room).has(Right::join) != expected)
            FAIL("round " << round);
        found += expected ? 1 : 0;
    }
    CHECK(found > rounds / 20);
    CHECK(found < rounds - rounds / 20);
}
