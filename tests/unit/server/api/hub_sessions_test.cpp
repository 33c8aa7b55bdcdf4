// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/api/session_rig.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace pchat;
using test::SessionRig;
using test::Visitor;

namespace {

std::vector<SessionPlace> places(const std::vector<api::SessionFacts>& facts) {
    std::vector<SessionPlace> out;
    for (const api::SessionFacts& one : facts)
        out.push_back({one.connected_at, one.id});
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("hub: lists its sessions from a place on, and those of a user", "[session]") {
    constexpr std::size_t threads = 2;
    SessionRig rig{threads};
    std::vector<std::unique_ptr<Visitor>> people;
    for (std::size_t i = 0; i < 9; ++i) {
        people.push_back(std::make_unique<Visitor>(rig, i < 3 ? "ann" : "bob", i % threads));
        people.back()->socket().wait_for("type", "welcome");
        rig.world.clock.pass(std::chrono::milliseconds{i % 3});
    }
    const std::vector<SessionPlace> all = places(rig.hub.list());
    REQUIRE(all.size() == 9);
    CHECK((places(rig.hub.list(SessionPlace{}, 100)) == all));
    CHECK(rig.hub.list(all.back(), 100).empty());
    for (std::size_t first = 0; first + 2 < all.size(); ++first) {
        // Each thread has given its first two.
        const std::vector<SessionPlace> found = places(rig.hub.list(all[first], 2));
        CHECK(found.size() <= 2 * threads);
        REQUIRE(found.size() >= 2);
        CHECK((found[0] == all[first + 1]));
        CHECK((found[1] == all[first + 2]));
    }
    CHECK(rig.hub.list(rig.world.user("ann")).size() == 3);
    CHECK(rig.hub.list(rig.world.user("bob")).size() == 6);
    CHECK(rig.hub.list(rig.world.user("carol")).empty());
}

TEST_CASE("hub: a full pool has room for the people of a server that drains", "[session]") {
    SessionRig rig;
    pchat::Server self;
    self.id = ServerId{1};
    self.state = ServerState::active;
    self.expires_at = 100;
    pchat::Server other = self;
    other.id = ServerId{2};
    other.session_count = 80'000;
    rig.world.chat->pool().take({self, other}, 10);
    const auto turned = rig.hub.count_session();
    REQUIRE(turned);
    CHECK(turned->reason == wire::MovedEvent::Reason::full);
    other.state = ServerState::draining;
    rig.world.chat->pool().take({self, other}, 11);
    CHECK_FALSE(rig.hub.count_session());
}
