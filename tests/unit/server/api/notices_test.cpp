// SPDX-License-Identifier: Apache-2.0
#include "server/api/notices.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <nlohmann/json.hpp>

using namespace pchat;
using test::ChatWorld;

TEST_CASE("notices: to who may read the room, joined or not, never to the sender", "[watch]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    const PrincipalId eve = world.user("eve");
    world.room("Lobby", "General", {{ann, bob}});
    KeywordWatches watches;
    for (const PrincipalId user : {ann, bob, eve})
        REQUIRE_OK(watches.watch(*world.chat, user, {"Outage"}));
    Message message;
    message.room = world.room_now("Lobby").room.id;
    message.seq = 7;
    message.sender = bob;
    message.body = "outage!";
    std::vector<Told> notices;
    world.directory.read([&](const DirectoryState& state) {
        api::add_notices(notices, watches, state, *state.room(message.room), message);
        return 0;
    });
    REQUIRE(notices.size() == 1);
    CHECK(notices[0].user == ann);
    const auto event = nlohmann::json::parse(notices[0].text);
    CHECK(event["type"] == "notice");
    CHECK(event["room"] == world.room_now("Lobby").room.uuid);
    CHECK(event["seq"] == 7);
    CHECK(event["keyword"] == "Outage");
}

TEST_CASE("notices: each comes once, whichever way brings it", "[watch]") {
    api::NoticeMemory memory;
    const auto fresh = [&](std::vector<Told> notices) {
        memory.keep_new(notices);
        return notices.size();
    };
    const Told one{PrincipalId{1}, RoomId{2}, 3, "over the bus"};
    CHECK(fresh({one, {PrincipalId{1}, RoomId{2}, 4, "the next one"}}) == 2);
    CHECK(fresh({{PrincipalId{1}, RoomId{2}, 3, "out of the database"}}) == 0);
    CHECK(fresh({{PrincipalId{9}, RoomId{2}, 3, "for another"}, one}) == 1);
    // Only the latest are kept in mind.
    for (std::int64_t seq = 100; seq < 20'000; ++seq)
        fresh({{PrincipalId{1}, RoomId{2}, seq, ""}});
    CHECK(fresh({{PrincipalId{1}, RoomId{2}, 19'999, ""}}) == 0);
    CHECK(fresh({one}) == 1);
}

TEST_CASE("invitations: told to who still sees the room, under its name of now", "[watch]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    world.room("Lab", "General", {.members = {ann}, .privacy = RoomPrivacy::secret});
    const RoomId lab = world.room_now("Lab").room.id;
    const std::vector<Invitation> both{{ann, 4, lab, 0, bob}, {bob, 5, lab, 0, ann}};
    const auto told = [&](const std::vector<Invitation>& invitations) {
        return world.directory.read([&](const DirectoryState& state) {
            return api::invitation_events(state, invitations);
        });
    };
    const std::vector<Told> events = told(both);
    REQUIRE(events.size() == 1);  // bob was taken out before it could be told
    CHECK(events[0].user == ann);
    const auto event = nlohmann::json::parse(events[0].text);
    CHECK(event["type"] == "invited");
    CHECK(event["name"] == "Lab");
    CHECK(event["by"] == "sip:bob@contoso.example");
    CHECK(event["sequence"] == 4);
    CHECK(told({{ann, 6, RoomId{99}, 0, bob}}).empty());
}
