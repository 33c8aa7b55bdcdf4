// SPDX-License-Identifier: Apache-2.0
// eligible() against asking upwards from each principal, over small worlds that may run in circles.
#include "server/domain/eligible.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <random>
#include <set>

using namespace pchat;

namespace {

constexpr std::int64_t principals = 9;
constexpr PrincipalId everyone{principals};

class Chance {
public:
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(random_() % limit);
    }
    PrincipalId pick() { return {1 + static_cast<std::int64_t>(below(principals))}; }
    std::vector<PrincipalId> some(std::uint32_t at_most) {
        std::set<PrincipalId> ids;
        for (std::uint32_t left = below(at_most + 1); left > 0; --left)
            ids.insert(pick());
        return {ids.begin(), ids.end()};
    }

private:
    std::mt19937 random_{4711};
};

using Memberships = std::vector<Membership>;
using Ids = std::vector<PrincipalId>;

bool climbs(
    const Memberships& memberships, PrincipalId from, PrincipalId to, std::set<PrincipalId> passed
) {
    if (from == to)
        return true;
    if (!passed.insert(from).second)
        return false;
    return std::any_of(memberships.begin(), memberships.end(), [&](const Membership& one) {
        return one.child == from && climbs(memberships, one.parent, to, passed);
    });
}

/// As the rule is written: the principal or something that it is in stands on the list, or
/// `everyone` does.
bool stands_on(const Memberships& memberships, PrincipalId one, const Ids& list) {
    return std::any_of(list.begin(), list.end(), [&](PrincipalId entry) {
        return entry == everyone || climbs(memberships, one, entry, {});
    });
}

}  // namespace

TEST_CASE("eligible: agrees with asking upwards from each", "[eligible]") {
    Chance chance;
    Ids all;
    for (std::int64_t id = 1; id <= principals; ++id)
        all.push_back({id});
    int in = 0;
    int out = 0;
    for (int round = 0; round < 20'000; ++round) {
        Memberships memberships;
        for (std::uint32_t left = chance.below(10); left > 0; --left)
            memberships.push_back({chance.pick(), chance.pick()});
        const Ids allowed = chance.some(3);
        const Ids denied = chance.some(1);
        const Ids members = chance.some(3);
        ListingRule rule;
        rule.allowed = allowed;
        rule.denied = denied;
        rule.members = members;
        rule.must_belong = chance.below(2) == 0;
        Ids expected;
        for (const PrincipalId one : all)
            if (stands_on(memberships, one, allowed) && !stands_on(memberships, one, denied) &&
                (!rule.must_belong || stands_on(memberships, one, members)))
                expected.push_back(one);
        if (eligible(all, Membering{memberships, everyone}, rule) != expected)
            FAIL("round " << round);
        ++(expected.empty() ? out : in);
    }
    CHECK(in > 1'000);
    CHECK(out > 1'000);
}

TEST_CASE("eligible: a group that holds everyone does not hold all there are", "[eligible]") {
    const Ids all{{1}, {2}, everyone};
    const Memberships memberships{{{2}, everyone}};
    const Ids allowed{{2}};
    ListingRule rule;
    rule.allowed = allowed;
    CHECK(eligible(all, Membering{memberships, everyone}, rule) == Ids{{2}, everyone});
}
