// SPDX-License-Identifier: Apache-2.0
// Who may be listed where: against what changes of rooms accept.
#include "server/service/eligibility.h"
#include "server/service/principal_list.h"
#include "server/service/room_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <algorithm>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

/// A category that allows staff and denies the traders among them, with a room of each sort.
struct Bank {
    ChatWorld world;
    PrincipalId staff = world.group("staff");
    PrincipalId traders = world.group("traders", {staff});
    PrincipalId desk = world.group("desk", {staff});
    PrincipalId ann = world.user("ann", {desk});
    PrincipalId bob = world.user("bob", {desk, traders});
    PrincipalId cat = world.user("cat");
    PrincipalId off = world.user("off", {desk});

    Bank() {
        world.set_state(off, PrincipalState::disabled);
        world.category("Research", {.allowed = {staff}, .denied = {traders}});
        world.room("Closed", "Research", {.members = {ann}});
        world.room("Open", "Research", {.privacy = RoomPrivacy::open});
        world.room("Hall", "Research", {.members = {ann}, .type = RoomType::auditorium});
        world.room(
            "Stage", "Research", {.privacy = RoomPrivacy::open, .type = RoomType::auditorium}
        );
    }

    /// Whether the room takes it on the list, without doing it.
    bool accepts(const std::string& room, RoomRole as, const std::string& principal) {
        AdminCall admin = world.as("admin");
        admin.dry_run = true;
        RoomFields fields;
        (as == RoomRole::member    ? fields.members
         : as == RoomRole::manager ? fields.managers
                                   : fields.presenters)
            .add = {principal};
        return change_room(*world.changes, admin, room, fields).has_value();
    }
};

ListingCheck check(
    ChatWorld& world, const std::string& room, RoomRole as, const KnownPrincipal& principal
) {
    return world.directory.read([&](const DirectoryState& state) {
        const auto place = listing_place(state, "", room, as);
        REQUIRE_OK(place);
        return check_listing(state, *place, principal);
    });
}

}  // namespace

TEST_CASE(
    "eligible: everybody who is listed as eligible is accepted, and nobody else", "[eligible]"
) {
    Bank bank;
    std::vector<KnownPrincipal> all;
    bank.world.directory.read([&](const DirectoryState& state) {
        state.each_principal([&](const KnownPrincipal& one) { all.push_back(one); });
        return 0;
    });
    int accepted = 0;
    for (const char* room : {"Closed", "Open", "Hall", "Stage"})
        for (const RoomRole as : {RoomRole::member, RoomRole::manager, RoomRole::presenter}) {
            const auto listed = bank.world.directory.read([&](const DirectoryState& state) {
                return eligible_for(state, *listing_place(state, "", room, as));
            });
            for (const KnownPrincipal& one : all) {
                INFO(room << ", " << static_cast<int>(as) << ", " << one.written());
                const bool expected = bank.accepts(room, as, one.written());
                CHECK(listed.count(one.id) == (expected ? 1U : 0U));
                CHECK(check(bank.world, room, as, one).eligible == expected);
                accepted += expected ? 1 : 0;
            }
        }
    CHECK(accepted > 15);
}

TEST_CASE("principal check: tells what speaks for it and against it", "[eligible]") {
    Bank bank;
    const auto bob = bank.world.directory.read([&](const DirectoryState& state) {
        const auto place = listing_place(state, "research", "", RoomRole::member);
        REQUIRE_OK(place);
        return check_listing(state, *place, *state.principal(bank.bob));
    });
    CHECK_FALSE(bob.eligible);
    REQUIRE(bob.steps.size() == 3);
    CHECK(bob.steps[1].rule == "allowed-in-category");
    CHECK(bob.steps[1].fulfilled);
    CHECK(bob.steps[1].paths.size() == 1);
    CHECK(bob.steps[2].rule == "denied-in-category");
    CHECK_FALSE(bob.steps[2].fulfilled);
    const std::vector<std::vector<std::string>> path{{sip("bob"), "group:traders"}};
    CHECK(bob.steps[2].paths == path);
}

TEST_CASE(
    "principal check: a place is a room or a category, and only rooms have presenters", "[eligible]"
) {
    ChatWorld world;
    const auto place = [&](const char* category, const char* room, RoomRole as) {
        return world.directory.read([&](const DirectoryState& state) {
            return listing_place(state, category, room, as);
        });
    };
    REQUIRE_ERR(place("", "", RoomRole::member), Errc::usage, "either a category or a room");
    REQUIRE_ERR(place("General", "Lobby", RoomRole::member), Errc::usage, "either");
    REQUIRE_ERR(place("General", "", RoomRole::presenter), Errc::invalid, "presenters");
    REQUIRE_ERR(place("None", "", RoomRole::member), Errc::not_found, "None");
    REQUIRE_ERR(place("", "None", RoomRole::member), Errc::not_found, "None");
}

TEST_CASE("principal list: by kind, state, name and what it is in, by pages", "[principal]") {
    Bank bank;
    const auto list = [&](const PrincipalQuery& query) {
        return bank.world.directory.read([&](const DirectoryState& state) {
            const PrincipalPage page = list_principals(state, query);
            std::string out;
            for (const PrincipalId id : page.principals)
                out += state.principal(id)->display + " ";
            return std::pair{out, page.cursor};
        });
    };
    PrincipalQuery groups;
    groups.kind = PrincipalKind::group;
    CHECK(list(groups).first == "desk staff traders ");
    groups.limit = 2;
    const auto first = list(groups);
    CHECK(first.first == "desk staff ");
    groups.cursor = first.second;
    CHECK(list(groups).first == "traders ");
    CHECK_FALSE(list(groups).second.has_value());
    PrincipalQuery below;
    below.kind = PrincipalKind::user;
    below.among = bank.world.directory.read([&](const DirectoryState& state) {
        return all_below(state, bank.staff);
    });
    CHECK(list(below).first == "ann bob off ");
    below.state = PrincipalState::disabled;
    CHECK(list(below).first == "off ");
    PrincipalQuery named;
    named.filter = "T*D";  // traders
    CHECK(list(named).first == "traders ");
    bank.world.set_state(bank.cat, PrincipalState::gone);
    PrincipalQuery cats;
    cats.filter = "cat@";
    CHECK(list(cats).first.empty());
    cats.state = PrincipalState::gone;
    CHECK(list(cats).first == "cat ");
}

TEST_CASE("principal get: shows what it is in and every list that names it", "[principal]") {
    Bank bank;
    bank.world.grant(bank.staff, AdminRole::viewer);
    const PrincipalView ann = bank.world.directory.read([&](const DirectoryState& state) {
        return view_principal(state, *state.principal(bank.ann));
    });
    CHECK(ann.parents == std::vector{bank.desk});
    CHECK(ann.above.size() == 3);  // everyone
    CHECK(ann.roles == 1U << static_cast<unsigned>(AdminRole::viewer));
    REQUIRE(ann.entries.size() == 2);
    CHECK(ann.entries[0].name == "Closed");
    CHECK(ann.entries[0].list == "members");
    CHECK(ann.entries[1].name == "Hall");
    const PrincipalView traders = bank.world.directory.read([&](const DirectoryState& state) {
        return view_principal(state, *state.principal(bank.traders));
    });
    CHECK(traders.members == 1);
    REQUIRE(traders.entries.size() == 1);
    CHECK(traders.entries[0].kind == "category");
    CHECK(traders.entries[0].list == "deny");
}
