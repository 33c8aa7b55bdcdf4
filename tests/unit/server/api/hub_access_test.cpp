// SPDX-License-Identifier: Apache-2.0
// Whose sessions look again at what they may, once somebody's rights have changed.
#include "tests/unit/server/api/session_rig.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace pchat;
using test::SessionRig;
using test::Visitor;

namespace {

/// Ann is in the room by a group within a group, bob by the outer one, carol by herself.
struct Rig : SessionRig {
    Rig() {
        for (const char* name : {"ann", "bob", "carol"}) {
            visitors.push_back(std::make_unique<Visitor>(*this, name));
            REQUIRE(visitors.back()->join("1", 0)["type"] == "ok");
        }
    }
    ~Rig() {
        visitors.clear();
        world.chat->wait_until_stored();  // that they left
    }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    /// How many sessions look again.
    std::uint64_t apply(std::vector<PrincipalId> principals) {
        Touched touched;
        touched.principals = std::move(principals);
        return apply(touched);
    }
    std::uint64_t apply(const Touched& touched) {
        const std::uint64_t before = hub.counts().looked_again;
        REQUIRE_OK(world.chat->apply(touched));
        return hub.counts().looked_again - before;
    }
    void drop(PrincipalId group, PrincipalId member) {
        const Membership one{group, member};
        world.write([&](ContentTransaction& tx) {
            return tx.principals().remove_members({&one, 1});
        });
    }
    /// Who had to leave the room.
    std::string gone() {
        std::string out;
        for (std::size_t i = 0; i < visitors.size(); ++i)
            if (visitors[i]->socket().count("gone") > 0)
                out += "abc"[i];
        return out;
    }

    PrincipalId floor = world.group("floor");
    PrincipalId desk = world.group("desk", {floor});
    PrincipalId ann = world.user("ann", {desk});
    PrincipalId bob = world.user("bob", {floor});
    PrincipalId carol = world.user("carol");
    RoomId room = world.room("Lobby", "General", {{floor, carol}});
    std::vector<std::unique_ptr<Visitor>> visitors;
};

}  // namespace

TEST_CASE("hub: a right that one user loses ends this user's joins alone", "[hub]") {
    Rig rig;
    rig.drop(rig.floor, rig.bob);
    CHECK(rig.apply({rig.bob}) == 1);
    CHECK(rig.gone() == "b");
    CHECK(rig.apply({rig.carol}) == 1);
    CHECK(rig.apply({rig.carol, rig.ann}) == 2);
    CHECK(rig.apply({rig.world.user("dave")}) == 0);  // who is not here
    CHECK(rig.gone() == "b");
}

TEST_CASE("hub: a group that changes concerns whoever is below it", "[hub]") {
    Rig rig;
    SECTION("it leaves the group that has the right") {
        rig.drop(rig.floor, rig.desk);
        CHECK(rig.apply({rig.desk}) == 1);
        CHECK(rig.gone() == "a");
    }
    SECTION("it is gone itself") {
        rig.world.write([&](ContentTransaction& tx) -> Result<void> {
            Principal changed = **tx.principals().find(rig.floor);
            changed.state = PrincipalState::gone;
            return tx.principals().update(changed);
        });
        CHECK(rig.apply({rig.floor}) == 2);
        rig.drop(rig.floor, rig.bob);
        rig.drop(rig.floor, rig.desk);
        CHECK(rig.apply({rig.floor, rig.bob, rig.desk}) == 2);
        CHECK(rig.gone() == "ab");
    }
    SECTION("what is between a user and the group has changed with it") {
        rig.drop(rig.desk, rig.ann);
        rig.drop(rig.floor, rig.desk);
        CHECK(rig.apply({rig.floor, rig.ann}) == 2);
        CHECK(rig.gone() == "a");
    }
    SECTION("everybody is below it") {
        CHECK(rig.apply({rig.world.everyone()}) == 3);
        CHECK(rig.gone().empty());
    }
}

TEST_CASE("hub: what counts for everybody is looked at by all", "[hub]") {
    Rig rig;
    Touched touched;
    SECTION("policies") {
        touched.policies = true;
        CHECK(rig.apply(touched) == 3);
    }
    SECTION("the topology") {
        touched.topology = true;
        CHECK(rig.apply(touched) == 3);
    }
    SECTION("a room, with somebody who is in none") {
        touched.principals = {rig.world.user("dave")};
        touched.rooms = {rig.room};
        const RoleEntry entry{rig.room, RoomRole::member, rig.carol};
        rig.world.write([&](ContentTransaction& tx) {
            return tx.rooms().remove_roles({&entry, 1});
        });
        CHECK(rig.apply(touched) == 3);
        CHECK(rig.gone() == "c");
    }
}
