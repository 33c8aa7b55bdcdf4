// SPDX-License-Identifier: Apache-2.0
// The audit log and invitations, behind their routes.
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api audit: entries with what was before and after", "[api]") {
    ApiWorld api;
    api.send("admin", "POST", "/v1/rooms", {{"name", "Lobby"}});
    api.send("admin", "PATCH", "/v1/rooms/Lobby", {{"description", "Hello"}});
    const auto found = api.send("admin", "GET", "/v1/audit?kind=room&object=Lobby&limit=1");
    REQUIRE(found.status == 200);
    REQUIRE(found.body["entries"].size() == 1);
    const json& entry = found.body["entries"][0];
    CHECK(entry["action"] == "room.change");
    CHECK(entry["actor"] == sip("admin"));
    CHECK(entry["address"] == "192.0.2.7");
    CHECK(entry["kind"] == "room");
    CHECK(entry["object"] == "Lobby");
    CHECK(entry["outcome"] == "done");
    CHECK(entry["before"] == json{{"description", ""}});
    CHECK(entry["after"] == json{{"description", "Hello"}});
    const std::string cursor = found.body["cursor"];
    const auto rest = api.send("admin", "GET", "/v1/audit?kind=room&object=Lobby&cursor=" + cursor);
    REQUIRE(rest.body["entries"].size() == 1);
    CHECK(rest.body["entries"][0]["action"] == "room.create");
    CHECK_FALSE(rest.body["entries"][0].contains("before"));
    CHECK(api.send("admin", "GET", "/v1/audit?kind=robot").code() == "bad-value");
    CHECK(api.send("admin", "GET", "/v1/audit?since=yesterday").code() == "bad-value");
}

TEST_CASE("api audit: is for the compliance officer, not for viewers", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    api.world.grant(api.world.user("una"), AdminRole::user_admin);
    api.world.grant(api.world.user("dan"), AdminRole::deploy_admin);
    api.world.grant(api.world.user("cora"), AdminRole::compliance_officer);
    for (const char* who : {"bob", "vic", "pat", "una", "dan"})
        CHECK(api.send(who, "GET", "/v1/audit").code() == "role-missing");
    CHECK(api.send("cora", "GET", "/v1/audit").status == 200);
    CHECK(api.send("", "GET", "/v1/audit").status == 401);
}

TEST_CASE("api invitations: one's own, and for a role those of others", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.send("admin", "PATCH", "/v1/categories/General", {{"invitations", true}});
    for (const char* room : {"One", "Two"})
        api.send("admin", "POST", "/v1/rooms", {{"name", room}, {"members", {sip("ann")}}});
    const auto mine = api.send("ann", "GET", "/v1/invitations");
    REQUIRE(mine.status == 200);
    REQUIRE(mine.body["invitations"].size() == 2);
    CHECK(mine.body["invitations"][0]["room"] == "One");
    CHECK(mine.body["invitations"][0]["by"] == sip("admin"));
    CHECK(mine.body["invitations"][0]["user"] == sip("ann"));
    const std::string hers = "/v1/invitations?user=" + sip("ann");
    CHECK(api.send("ann", "GET", hers).body == mine.body);
    CHECK(api.send("vic", "GET", hers).body == mine.body);
    CHECK(api.send("bob", "GET", hers).code() == "role-missing");
    CHECK(api.send("bob", "GET", "/v1/invitations?user=" + sip("none")).code() == "role-missing");
    CHECK(api.send("vic", "GET", "/v1/invitations?user=" + sip("none")).code() == "user-not-found");
    const auto page = api.send("vic", "GET", hers + "&limit=1");
    REQUIRE(page.body["invitations"].size() == 1);
    const std::string cursor = page.body["cursor"];
    const auto rest = api.send("vic", "GET", hers + "&limit=1&cursor=" + cursor);
    REQUIRE(rest.body["invitations"].size() == 1);
    CHECK(rest.body["invitations"][0]["room"] == "Two");
    CHECK_FALSE(rest.body.contains("cursor"));
    CHECK(api.send("vic", "GET", hers + "&room=Two").body["invitations"].size() == 1);
    api.send("admin", "PATCH", "/v1/rooms/One", {{"members", json::array()}});
    CHECK(api.send("ann", "GET", "/v1/invitations").body["invitations"].size() == 1);
    CHECK(api.send("ann", "GET", "/v1/invitations?cursor=x").code() == "bad-cursor");
    CHECK(api.send("", "GET", "/v1/invitations").status == 401);
}
