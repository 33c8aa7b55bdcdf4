// SPDX-License-Identifier: Apache-2.0
// WallSide against asking access() about every person and every room.
#include "server/domain/wall.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <random>
#include <vector>

using namespace pchat;

namespace {

using Ids = std::vector<PrincipalId>;

class Chance {
public:
    bool one_in(std::uint32_t times) { return random_() % times == 0; }
    PrincipalId person() { return {1 + static_cast<std::int64_t>(random_() % 6)}; }
    PrincipalId group() { return {100 + static_cast<std::int64_t>(random_() % 12)}; }
    /// Up to `at_most` groups, and sometimes one of the people.
    Ids list(std::uint32_t at_most) {
        Ids out;
        for (auto left = random_() % (at_most + 1); left > 0; --left)
            out.push_back(one_in(4) ? person() : group());
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    }

private:
    std::mt19937 random_{77};
};

struct Side {
    explicit Side(Chance& chance) {
        for (std::int64_t id = 1; id <= 6; ++id) {
            Ids above = chance.list(3);
            above.push_back({id});
            std::sort(above.begin(), above.end());
            above.erase(std::unique(above.begin(), above.end()), above.end());
            affiliations.push_back(std::move(above));
        }
        for (std::int64_t id = 1; id <= 6; ++id)
            people.push_back(
                {{id},
                 {chance.one_in(8) ? PrincipalState::disabled : PrincipalState::active,
                  !chance.one_in(8),
                  chance.one_in(8),
                  affiliations[static_cast<std::size_t>(id - 1)]}}
            );
    }
    std::vector<Ids> affiliations;
    std::vector<WallPerson> people;
};

Ids who_may_join(const Side& side, const AccessCategory& category, const AccessRoom& room) {
    Ids out;
    for (const WallPerson& person : side.people)
        if (access(person.user, category, room).has(Right::join))
            out.push_back(person.id);
    return out;
}

}  // namespace

TEST_CASE("wall: one side is in a room exactly when access lets somebody in", "[wall]") {
    Chance chance;
    int in = 0;
    int out = 0;
    for (int round = 0; round < 5'000; ++round) {
        const Side side{chance};
        const Ids allowed = chance.list(3);
        const Ids denied = chance.list(1);
        const Ids members = chance.list(3);
        AccessCategory category;
        category.allowed = allowed;
        category.denied = denied;
        const WallSide proved{side.people, category};
        AccessRoom room;
        room.members = members;
        room.disabled = chance.one_in(6);
        room.privacy = chance.one_in(3) ? RoomPrivacy::open : RoomPrivacy::closed;

        const Ids expected = who_may_join(side, category, room);
        const auto found = proved.admitted_to(room);
        if (found.has_value() == expected.empty())
            FAIL("round " << round);
        if (found && std::find(expected.begin(), expected.end(), *found) == expected.end())
            FAIL("round " << round << " names somebody who may not join");
        AccessRoom widest;
        widest.privacy = RoomPrivacy::open;
        if (proved.shut_out() != who_may_join(side, category, widest).empty())
            FAIL("round " << round << ", the category");
        ++(found ? in : out);
    }
    CHECK(in > 500);
    CHECK(out > 500);
}

TEST_CASE("wall: a side without people is nowhere", "[wall]") {
    const WallSide nobody{{}, {}};
    CHECK(nobody.shut_out());
    AccessRoom open;
    open.privacy = RoomPrivacy::open;
    CHECK_FALSE(nobody.admitted_to(open));
}
