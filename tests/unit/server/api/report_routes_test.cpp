// SPDX-License-Identifier: Apache-2.0
#include "server/app/housekeeping.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api reports: usage of the last thirty days, or of a time", "[api]") {
    ApiWorld api;
    const PrincipalId ann = api.world.user("ann");
    const RoomId lobby = api.world.room("Lobby", "General", {.privacy = RoomPrivacy::open});
    api.world.room("Idle", "General");
    api.world.post(ann, lobby, "hello");
    const auto found = api.send("admin", "GET", "/v1/reports/usage");
    REQUIRE(found.status == 200);
    CHECK(found.body["messages"] == 1);
    CHECK(found.body["rooms"] == 2);
    CHECK(found.body["rooms_used"] == 1);
    CHECK(found.body["users_heard"] == 1);
    CHECK(found.body["complete"] == true);
    CHECK(found.body["top_rooms"][0]["room"] == "Lobby");
    CHECK(found.body["top_rooms"][0]["category"] == "General");
    CHECK(found.body["top_rooms"][0]["messages"] == 1);
    CHECK(found.body["idle_rooms"][0]["room"] == "Idle");
    CHECK_FALSE(found.body["idle_rooms"][0].contains("last_at"));
    CHECK(found.body["top_users"] == json{{{"user", sip("ann")}, {"messages", 1}, {"rooms", 1}}});
    CHECK(found.body["days"].size() == 31);
    const auto early = api.send(
        "admin", "GET", "/v1/reports/usage?since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z"
    );
    CHECK(early.body["messages"] == 0);
    CHECK(early.body["days"].size() == 2);
    CHECK(api.send("admin", "GET", "/v1/reports/usage?since=x").code() == "bad-value");
    CHECK(api.send("admin", "GET", "/v1/reports/usage?top=1001").code() == "bad-value");
    CHECK(
        api.send("admin", "GET", "/v1/reports/usage?since=1999-01-01T00:00:00Z").code() ==
        "bad-value"
    );
}

TEST_CASE("api reports: sessions of this server, and servers of the pool", "[api]") {
    ApiWorld api;
    const auto found = api.send("admin", "GET", "/v1/reports/sessions");
    REQUIRE(found.status == 200);
    CHECK(found.body["server"] == "pc1.contoso.example");
    CHECK(found.body["sessions"] == 0);
    REQUIRE(found.body["servers"].size() == 1);
    CHECK(found.body["servers"][0]["server"] == "pc1.contoso.example");
    CHECK(found.body["servers"][0]["state"] == "active");
    CHECK(found.body["top_users"] == json::array());
}

TEST_CASE("api reports: a server that ended in order is not lost", "[api]") {
    ApiWorld api;
    const auto server = [&] {
        return api.send("admin", "GET", "/v1/reports/sessions").body["servers"][0];
    };
    app::Housekeeping housekeeping{*api.world.chat, api.hub, std::chrono::seconds{0}};
    REQUIRE_OK(housekeeping.heartbeat());  // which counts for no time at all
    CHECK(server()["lost"] == true);
    CHECK(server()["stopped"] == false);
    housekeeping.sign_off();
    CHECK(server()["lost"] == false);
    CHECK(server()["stopped"] == true);
}

TEST_CASE("api reports: are for who may read all settings", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    for (const char* path : {"/v1/reports/usage", "/v1/reports/sessions"}) {
        CHECK(api.send("bob", "GET", path).code() == "role-missing");
        CHECK(api.send("vic", "GET", path).status == 200);
        CHECK(api.send("", "GET", path).status == 401);
    }
}
