// SPDX-License-Identifier: Apache-2.0
#include "server/service/usage_report.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;

namespace {

constexpr Microseconds day = 86'400'000'000;

/// Three rooms of which one is silent, and messages on three days.
struct Used {
    ChatWorld world;
    PrincipalId ann = world.user("ann");
    PrincipalId bob = world.user("bob");
    RoomId lobby = open("Lobby");
    RoomId lab = open("Lab");
    RoomId never = open("Never");
    Microseconds begin = world.clock.now();

    Used() {
        say(ann, lab, 2);  // the first day, and never again
        next_day();
        say(ann, lobby, 3);
        say(bob, lobby, 1);
        next_day();
        next_day();
        say(bob, lobby, 2);
    }

    RoomId open(const char* name) {
        return world.room(name, "General", {.privacy = RoomPrivacy::open});
    }
    void say(PrincipalId who, RoomId where, int times) {
        for (int i = 0; i < times; ++i)
            world.post(who, where, "hello");
    }
    void next_day() { world.clock.pass(std::chrono::hours{24}); }

    UsageReport report(Microseconds since, Microseconds until, std::size_t top = 10) {
        const auto found = report_usage(*world.chat, {since, until, top});
        REQUIRE_OK(found);
        return *found;
    }
};

}  // namespace

TEST_CASE("usage report: rooms, users and days of a time", "[report]") {
    Used used;
    const UsageReport all = used.report(used.begin, used.world.clock.now());
    CHECK(all.complete);
    CHECK(all.messages == 8);
    CHECK(all.rooms == 3);
    CHECK(all.rooms_used == 2);
    CHECK(all.users == 3);  // with the administrator
    CHECK(all.users_heard == 2);
    CHECK(all.content_bytes > 0);
    REQUIRE(all.top_rooms.size() == 2);
    CHECK(all.top_rooms[0].room == used.lobby);
    CHECK(all.top_rooms[0].messages == 6);
    CHECK(all.top_rooms[0].users == 2);
    CHECK(all.top_rooms[0].last_at == used.world.clock.now());
    REQUIRE(all.top_users.size() == 2);
    CHECK(all.top_users[0].user == used.ann);
    CHECK(all.top_users[0].messages == 5);
    CHECK(all.top_users[0].rooms == 2);
    REQUIRE(all.idle_rooms.size() == 1);
    CHECK(all.idle_rooms[0].room == used.never);
    CHECK(all.idle_rooms[0].last_at == 0);
    REQUIRE(all.days.size() == 4);
    std::vector<std::int64_t> counts;
    for (const UsageReport::Day& one : all.days) {
        CHECK(one.begins % day == 0);
        counts.push_back(one.messages);
    }
    CHECK(counts == std::vector<std::int64_t>{2, 4, 0, 2});
    CHECK(all.days[1].users == 2);
    CHECK(all.days[1].rooms == 1);
}

TEST_CASE("usage report: counts nothing before, after or beyond the length of lists", "[report]") {
    Used used;
    const UsageReport middle = used.report(used.begin + day, used.begin + 2 * day);
    CHECK(middle.messages == 4);
    CHECK(middle.rooms_used == 1);
    REQUIRE(middle.idle_rooms.size() == 2);
    CHECK(middle.idle_rooms[0].room == used.never);
    CHECK(middle.idle_rooms[1].room == used.lab);
    CHECK(middle.idle_rooms[1].last_at == used.begin);
    const UsageReport top = used.report(used.begin, used.world.clock.now(), 1);
    CHECK(top.top_rooms.size() == 1);
    CHECK(top.top_users.size() == 1);
    CHECK(top.users_heard == 2);
    const UsageReport none = used.report(used.begin, used.world.clock.now(), 0);
    CHECK(none.top_rooms.empty());
}

TEST_CASE("usage report: refuses a time that is none, or longer than a year", "[report]") {
    ChatWorld world;
    const Microseconds now = world.clock.now();
    REQUIRE_ERR(report_usage(*world.chat, {now, now - 1, 10}), Errc::invalid, "before it begins");
    REQUIRE_ERR(report_usage(*world.chat, {now - 367 * day, now, 10}), Errc::invalid, "a year");
    REQUIRE_OK(report_usage(*world.chat, {now - 366 * day, now, 10}));
}
