// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api categories: created, read, changed and removed", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    api.world.user("bob");
    const auto made = api.send(
        "admin",
        "POST",
        "/v1/categories",
        {{"name", "Research"},
         {"description", "Papers"},
         {"invitations", true},
         {"file_upload", true},
         {"history", false},
         {"allow", {"everyone"}},
         {"deny", {sip("bob")}},
         {"creators", {sip("ann")}}}
    );
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    const auto read = api.send("admin", "GET", "/v1/categories/research");
    REQUIRE(read.status == 200);
    CHECK(read.body["id"] == made.body["id"]);
    CHECK(read.body["name"] == "Research");
    CHECK(read.body["description"] == "Papers");
    CHECK(read.body["invitations"] == true);
    CHECK(read.body["file_upload"] == true);
    CHECK(read.body["history"] == false);
    CHECK(read.body["allow"] == json{"everyone"});
    CHECK(read.body["deny"] == json{sip("bob")});
    CHECK(read.body["creators"] == json{sip("ann")});
    CHECK(read.body["rooms"] == 0);

    REQUIRE(
        api.send("ann", "POST", "/v1/rooms", {{"name", "Lab"}, {"category", "Research"}}).status ==
        201
    );
    CHECK(api.send("admin", "GET", "/v1/categories/Research").body["rooms"] == 1);
    const json narrower = {{"add_deny", {sip("ann")}}, {"remove_deny", {sip("bob")}}};
    const auto would = api.send("admin", "PATCH", "/v1/categories/Research?dry_run=true", narrower);
    REQUIRE(would.status == 200);
    CHECK(would.body["purged"].size() == 2);  // as creator, as manager of the room
    CHECK(api.send("admin", "GET", "/v1/categories/Research").body["deny"] == json{sip("bob")});
    const auto changed =
        api.send("admin", "PATCH", "/v1/categories/Research", narrower, {{"If-Match", read.etag}});
    REQUIRE(changed.status == 200);
    CHECK(changed.etag == "\"2\"");
    CHECK(changed.body["deny"] == json{sip("ann")});
    CHECK(changed.body["creators"] == json::array());
    CHECK(changed.body["purged"].size() == 2);
    CHECK(api.send("admin", "GET", "/v1/rooms/Lab").body["managers"] == json::array());
    CHECK(
        api.send(
               "admin", "PATCH", "/v1/categories/Research", {{"name", "X"}}, {{"If-Match", "\"1\""}}
        ).code() == "changed-meanwhile"
    );

    const auto full = api.send("admin", "DELETE", "/v1/categories/Research");
    CHECK(full.status == 409);
    CHECK(full.code() == "category-not-empty");
    CHECK(api.send("admin", "DELETE", "/v1/categories/General?dry_run=true").status == 200);
    CHECK(api.send("admin", "DELETE", "/v1/categories/General").status == 200);
    CHECK(api.send("admin", "GET", "/v1/categories/General").code() == "category-not-found");
}

TEST_CASE("api categories: roles open the gates", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    const json body = {{"name", "New"}};
    for (const char* who : {"bob", "vic"}) {
        CHECK(api.send(who, "POST", "/v1/categories", body).code() == "role-missing");
        CHECK(api.send(who, "PATCH", "/v1/categories/General", body).code() == "role-missing");
        CHECK(api.send(who, "DELETE", "/v1/categories/General").code() == "role-missing");
    }
    CHECK(api.send("bob", "GET", "/v1/categories").status == 403);
    CHECK(api.send("bob", "GET", "/v1/categories/General").status == 403);
    CHECK(api.send("vic", "GET", "/v1/categories/General").status == 200);
    CHECK(api.send("", "GET", "/v1/categories").status == 401);
    CHECK(api.send("pat", "POST", "/v1/categories", body).status == 201);
}

TEST_CASE("api categories: refuse what is not right", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    const auto post = [&](const json& body) {
        return api.send("admin", "POST", "/v1/categories", body);
    };
    CHECK(post("[]").code() == "bad-json");
    CHECK(post(json::object()).code() == "bad-request");
    CHECK(post({{"name", ""}}).code() == "bad-value");
    CHECK(post({{"name", "general"}}).code() == "category-exists");
    CHECK(post({{"name", "A"}, {"history", "yes"}}).code() == "bad-request");
    const auto outside = post({{"name", "A"}, {"creators", {sip("bob")}}});
    CHECK(outside.status == 422);
    CHECK(outside.code() == "principals-not-in-scope");
    CHECK(outside.body["error"]["field"] == "creators");
    CHECK(post({{"name", "A"}, {"allow", {"group:none"}}}).code() == "principal-not-found");
    CHECK(api.send("admin", "PATCH", "/v1/categories/None", {{"name", "A"}}).status == 404);
    CHECK(api.send("admin", "DELETE", "/v1/categories/None").status == 404);
    CHECK(api.send("admin", "POST", "/v1/categories?dry_run=true", {{"name", "A"}}).status == 200);
    CHECK(api.send("admin", "GET", "/v1/categories/A").status == 404);
}

TEST_CASE("api categories: the list goes by pages", "[api]") {
    ApiWorld api;
    api.world.category("beta", {});
    api.world.category("Alpha", {});
    const auto first = api.send("admin", "GET", "/v1/categories?limit=2");
    REQUIRE(first.status == 200);
    REQUIRE(first.body["categories"].size() == 2);
    CHECK(first.body["categories"][0]["name"] == "Alpha");
    CHECK(first.body["categories"][1]["name"] == "beta");
    const std::string cursor = first.body["cursor"];
    const auto second = api.send("admin", "GET", "/v1/categories?limit=2&cursor=" + cursor);
    REQUIRE(second.body["categories"].size() == 1);
    CHECK(second.body["categories"][0]["name"] == "General");
    CHECK_FALSE(second.body.contains("cursor"));
    CHECK(api.send("admin", "GET", "/v1/categories?filter=ALP").body["categories"].size() == 1);
    CHECK(api.send("admin", "GET", "/v1/categories?cursor=x").code() == "bad-cursor");
}
