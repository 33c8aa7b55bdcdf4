// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api groups: created, read, listed, changed and removed", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    api.world.user("bob");
    const json analysts = {
        {"name", "analysts"}, {"display", "Analysts"}, {"members", {sip("ann")}}};
    CHECK(api.send("admin", "POST", "/v1/groups?dry_run=true", analysts).status == 200);
    CHECK(api.send("admin", "GET", "/v1/groups/analysts").code() == "group-not-found");
    const auto made = api.send("admin", "POST", "/v1/groups", analysts);
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    CHECK(api.send("admin", "POST", "/v1/groups", analysts).code() == "group-exists");
    REQUIRE(
        api.send(
               "admin", "POST", "/v1/groups", {{"name", "all"}, {"members", {"group:analysts"}}}
        ).status == 201
    );
    const auto read = api.send("admin", "GET", "/v1/groups/group:analysts");
    REQUIRE(read.status == 200);
    CHECK(read.body["id"] == made.body["id"]);
    CHECK(read.body["group"] == "group:analysts");
    CHECK(read.body["display"] == "Analysts");
    CHECK(read.body["members"] == json{sip("ann")});
    CHECK(read.body["groups"] == json{"group:all"});
    CHECK(read.body["source"] == "local");
    const auto list = api.send("admin", "GET", "/v1/groups");
    REQUIRE(list.body["groups"].size() == 2);
    CHECK(list.body["groups"][1]["name"] == "analysts");
    CHECK(list.body["groups"][1]["member_count"] == 1);
    const json swap = {{"add_members", {sip("bob")}}, {"remove_members", {sip("ann")}}};
    const auto changed =
        api.send("admin", "PATCH", "/v1/groups/analysts", swap, {{"If-Match", read.etag}});
    REQUIRE(changed.status == 200);
    CHECK(changed.body["members"] == json{sip("bob")});
    CHECK(
        api.send("admin", "PATCH", "/v1/groups/analysts", swap, {{"If-Match", "\"1\""}}).code() ==
        "changed-meanwhile"
    );
    const auto circle =
        api.send("admin", "PATCH", "/v1/groups/analysts", {{"add_members", {"group:all"}}});
    CHECK(circle.status == 422);
    CHECK(circle.code() == "group-cycle");
    api.send(
        "admin",
        "POST",
        "/v1/categories",
        {{"name", "Research"}, {"allow", {"everyone"}}, {"deny", {"group:analysts"}}}
    );
    CHECK(api.send("admin", "DELETE", "/v1/groups/analysts").code() == "group-denied");
    CHECK(api.send("admin", "DELETE", "/v1/groups/analysts?force=x").code() == "bad-value");
    const auto removed = api.send("admin", "DELETE", "/v1/groups/analysts?force=true");
    REQUIRE(removed.status == 200);
    CHECK(removed.body["taken"].size() == 2);
    CHECK(removed.body["taken"][0]["kind"] == "category");
    CHECK(removed.body["taken"][0]["list"] == "deny");
    CHECK(api.send("admin", "GET", "/v1/groups/analysts").status == 404);
}

TEST_CASE("api groups: roles open the gates", "[api]") {
    ApiWorld api;
    api.world.group("desk");
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    api.world.grant(api.world.user("una"), AdminRole::user_admin);
    CHECK(api.send("", "GET", "/v1/groups").status == 401);
    CHECK(api.send("bob", "GET", "/v1/groups").code() == "role-missing");
    CHECK(api.send("bob", "GET", "/v1/groups/desk").code() == "role-missing");
    CHECK(api.send("vic", "GET", "/v1/groups/desk").status == 200);
    for (const char* who : {"bob", "vic", "pat"}) {
        CHECK(api.send(who, "POST", "/v1/groups", {{"name", "x"}}).code() == "role-missing");
        CHECK(api.send(who, "PATCH", "/v1/groups/desk", {{"name", "x"}}).code() == "role-missing");
        CHECK(api.send(who, "DELETE", "/v1/groups/desk").code() == "role-missing");
    }
    CHECK(api.send("una", "PATCH", "/v1/groups/desk", {{"display", "Desk"}}).status == 200);
    CHECK(api.send("una", "DELETE", "/v1/groups/desk").status == 200);
}
