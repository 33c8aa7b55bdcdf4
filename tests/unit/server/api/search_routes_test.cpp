// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_index.h"
#include "tests/support/api_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ApiWorld;

TEST_CASE("api search: finds by text, room, sender and page by page", "[api]") {
    ApiWorld api;
    const PrincipalId bob = api.world.user("bob");
    const RoomId lobby = api.world.room("Lobby", "General", {{bob}});
    const RoomId attic = api.world.room("Top Attic", "General", {{bob}});
    for (const char* body : {"red fish", "blue fish"})
        api.world.post(bob, lobby, body);
    api.world.post(bob, attic, "green fish");
    SearchIndex index{*api.world.chat};
    REQUIRE_OK(index.catch_up());

    const auto all = api.send("bob", "GET", "/v1/search?text=fish");
    REQUIRE(all.status == 200);
    REQUIRE(all.body["messages"].size() == 3);
    CHECK_FALSE(all.body.contains("cursor"));
    const auto one = api.send("bob", "GET", "/v1/search?text=fish&room=Top%20Attic");
    REQUIRE(one.body["messages"].size() == 1);
    CHECK(one.body["messages"][0]["body"] == "green fish");
    CHECK(one.body["messages"][0]["room"] == api.world.room_now("Top Attic").room.uuid);
    const auto both = api.send("bob", "GET", "/v1/search?text=fish&room=Top%20Attic&room=Lobby");
    CHECK(both.body["messages"].size() == 3);
    const auto any = api.send("bob", "GET", "/v1/search?text=red+green&match=any&limit=1");
    REQUIRE(any.body["messages"].size() == 1);
    const std::string cursor = any.body["cursor"];
    const auto next =
        api.send("bob", "GET", "/v1/search?text=red+green&match=any&limit=1&cursor=" + cursor);
    REQUIRE(next.body["messages"].size() == 1);
    CHECK(next.body["messages"] != any.body["messages"]);
    api.world.user("eve");
    CHECK(api.send("eve", "GET", "/v1/search?text=fish").body["messages"].empty());
}

TEST_CASE("api search: says what is wrong", "[api]") {
    ApiWorld api;
    const auto code = [&](const std::string& query) {
        return api.send("admin", "GET", "/v1/search" + query).code();
    };
    CHECK(code("") == "bad-value");
    CHECK(code("?text=x&match=some") == "bad-value");
    CHECK(code("?text=x&from_time=yesterday") == "bad-value");
    CHECK(
        code("?text=x&from_time=2026-01-02T00:00:00Z&to_time=2026-01-01T00:00:00Z") == "bad-value"
    );
    CHECK(code("?text=x&room=Nowhere") == "room-not-found");
    CHECK(code("?text=" + std::string(1001, 'x')) == "too-long");
    CHECK(api.send("", "GET", "/v1/search?text=x").status == 401);
}
