// SPDX-License-Identifier: Apache-2.0
#include "server/service/elsewhere.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace pchat;

namespace {

constexpr RoomId lobby{1};
constexpr RoomId attic{2};
constexpr ServerId east{1};
constexpr ServerId west{2};
constexpr PrincipalId ann{11};
constexpr PrincipalId bob{12};

using Users = std::vector<PrincipalId>;

/// "+11 -12" of those who came or went.
std::string turns(Elsewhere& elsewhere, RoomId room) {
    auto list = elsewhere.take_changed(room, {});
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return a.user < b.user;
    });
    std::string out;
    for (const Elsewhere::Turn& one : list)
        if (one.was != one.is)
            out += (one.is ? "+" : "-") + std::to_string(one.user.value) + " ";
    return out;
}

}  // namespace

TEST_CASE("elsewhere: a user is there until gone from every server", "[presence]") {
    Elsewhere elsewhere;
    CHECK(elsewhere.empty());
    elsewhere.apply(east, {lobby, {bob, ann, ann}, {}});
    elsewhere.apply(west, {lobby, {ann}, {}});
    CHECK(elsewhere.in_room(lobby) == Users{ann, bob});
    CHECK(elsewhere.count(lobby).users == 2);
    CHECK(elsewhere.take_changed_rooms() == std::vector{lobby});
    CHECK(turns(elsewhere, lobby) == "+11 +12 ");
    elsewhere.apply(east, {lobby, {}, {ann, bob}});
    CHECK(elsewhere.in_room(lobby) == Users{ann});
    CHECK(turns(elsewhere, lobby) == "-12 ");
    elsewhere.forget(west);
    CHECK(turns(elsewhere, lobby) == "-11 ");
    CHECK(elsewhere.empty());
}

TEST_CASE(
    "elsewhere: what is told twice, or undone before it was asked for, is nothing", "[presence]"
) {
    Elsewhere elsewhere;
    elsewhere.apply(east, {lobby, {ann}, {}});
    elsewhere.apply(east, {lobby, {ann}, {bob}});
    CHECK(turns(elsewhere, lobby) == "+11 ");
    elsewhere.apply(east, {lobby, {}, {ann}});
    elsewhere.apply(west, {lobby, {ann}, {}});
    CHECK(turns(elsewhere, lobby).empty());
    elsewhere.apply(west, {lobby, {bob}, {}});
    elsewhere.apply(west, {lobby, {}, {bob}});
    CHECK(turns(elsewhere, lobby).empty());
}

TEST_CASE("elsewhere: a server is replaced by the difference", "[presence]") {
    Elsewhere elsewhere;
    elsewhere.apply(east, {lobby, {ann, bob}, {}});
    elsewhere.apply(east, {attic, {ann}, {}});
    elsewhere.apply(west, {attic, {bob}, {}});
    turns(elsewhere, lobby);
    turns(elsewhere, attic);
    elsewhere.replace(east, {{lobby, {PrincipalId{13}, bob}}});
    CHECK(elsewhere.in_room(lobby) == Users{bob, PrincipalId{13}});
    CHECK(elsewhere.in_room(attic) == Users{bob});
    CHECK(turns(elsewhere, lobby) == "-11 +13 ");
    CHECK(turns(elsewhere, attic) == "-11 ");
}

TEST_CASE("elsewhere: of those who are asked about, it says how it stands", "[presence]") {
    Elsewhere elsewhere;
    elsewhere.apply(east, {lobby, {ann}, {}});
    elsewhere.take_changed(lobby, {});
    const auto list = elsewhere.take_changed(lobby, {ann, bob});
    REQUIRE(list.size() == 2);
    CHECK((list[0].was && list[0].is));
    CHECK_FALSE((list[1].was || list[1].is));
}
