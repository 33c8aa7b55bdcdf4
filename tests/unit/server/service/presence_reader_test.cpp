// SPDX-License-Identifier: Apache-2.0
#include "server/service/presence_reader.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <utility>
#include <vector>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr RoomId lobby{100};
constexpr RoomId attic{101};
constexpr std::int64_t many = 3'000;

/// Reads of another server, which wrote down who is there.
struct Rig {
    void write_down(const std::vector<std::pair<RoomId, PrincipalId>>& visits) {
        std::vector<Participant> rows;
        for (const auto& [room, user] : visits)
            rows.push_back({room, user, other.id, other.epoch, 1});
        world.write([&](ContentTransaction& tx) { return tx.presence().join(rows); });
    }
    void call(Microseconds now, Microseconds expires_at) {
        other.heartbeat_at = expires_at - 30'000'000;
        other.expires_at = expires_at;
        reader.called({{other}, now});
    }
    std::vector<PrincipalId> in(RoomId room) { return world.chat->elsewhere().in_room(room); }

    ChatWorld world;
    PresenceReader reader{ServerId{1}};
    Server other = [] {
        Server out;
        out.id = ServerId{2};
        out.epoch = 1;
        return out;
    }();
};

}  // namespace

TEST_CASE("presence reader: pages, and what changes between them", "[presence]") {
    Rig rig;
    std::vector<std::pair<RoomId, PrincipalId>> visits;
    for (const RoomId room : {lobby, attic})
        for (std::int64_t user = 1; user <= many; ++user)
            visits.emplace_back(room, PrincipalId{user});
    rig.write_down(visits);
    rig.call(100'000'000, 130'000'000);
    REQUIRE_OK(rig.reader.act(*rig.world.chat));
    CHECK(rig.reader.reads());
    CHECK(rig.in(attic).empty());
    // Of the first page, which is read already, and of one that is not.
    for (const RoomId room : {lobby, attic})
        rig.reader.heard(
            rig.other.id, {false, {{room, {PrincipalId{many + 1}}, {PrincipalId{1}}}}}
        );
    int turns = 0;
    for (; rig.reader.reads(); ++turns)
        REQUIRE_OK(rig.reader.act(*rig.world.chat));
    CHECK(turns >= 2);
    for (const RoomId room : {lobby, attic}) {
        const std::vector<PrincipalId> users = rig.in(room);
        REQUIRE(users.size() == many);
        CHECK(users.front() == PrincipalId{2});
        CHECK(users.back() == PrincipalId{many + 1});
    }
}

TEST_CASE("presence reader: who is not written down any more is gone", "[presence]") {
    Rig rig;
    rig.write_down({{lobby, PrincipalId{1}}});
    rig.call(100'000'000, 130'000'000);
    rig.reader.heard(rig.other.id, {});
    REQUIRE_OK(rig.reader.act(*rig.world.chat));
    rig.reader.heard(rig.other.id, {false, {{attic, {PrincipalId{2}}, {}}}});
    REQUIRE_OK(rig.reader.act(*rig.world.chat));
    CHECK(rig.in(attic).size() == 1);
    rig.reader.lost();
    REQUIRE_OK(rig.reader.act(*rig.world.chat));
    CHECK(rig.in(attic).empty());
    CHECK(rig.in(lobby).size() == 1);
}

TEST_CASE("presence reader: when the database was away, all are waited for", "[presence]") {
    Rig rig;
    rig.write_down({{lobby, PrincipalId{1}}});
    const auto look = [&](Microseconds now, Microseconds expires_at) {
        rig.call(now, expires_at);
        REQUIRE_OK(rig.reader.act(*rig.world.chat));
        return rig.in(lobby).size();
    };
    CHECK(look(100'000'000, 130'000'000) == 1);
    CHECK(look(100'500'000, 130'000'000) == 1);
    CHECK(look(140'000'000, 130'000'000) == 1);  // the first answer for long
    CHECK(look(142'000'000, 172'000'000) == 1);
    for (Microseconds now = 143'000'000; now < 172'000'000; now += 1'000'000)
        CHECK(look(now, 172'000'000) == 1);
    CHECK(look(172'500'000, 172'000'000) == 0);  // nothing else was away
    // One that does not come back goes once the time is over.
    CHECK(look(173'000'000, 203'000'000) == 1);
    CHECK(look(240'000'000, 203'000'000) == 1);
    for (Microseconds now = 241'000'000; now < 250'000'000; now += 1'000'000)
        CHECK(look(now, 203'000'000) == 1);
    CHECK(look(250'000'000, 203'000'000) == 0);
}
