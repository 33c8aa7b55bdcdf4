// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

TEST_CASE("api add-ins: created, read, listed, changed and removed", "[api]") {
    ApiWorld api;
    const json prices = {{"name", "Prices"}, {"url", "https://prices.example/board"}};
    CHECK(api.send("admin", "POST", "/v1/addins?dry_run=true", prices).status == 200);
    CHECK(api.send("admin", "GET", "/v1/addins/Prices").code() == "addin-not-found");
    const auto made = api.send("admin", "POST", "/v1/addins", prices);
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    CHECK(api.world.audit()[0].action == "addin.create");
    CHECK(api.send("admin", "POST", "/v1/addins", prices).code() == "addin-exists");
    REQUIRE(
        api.send("admin", "POST", "/v1/rooms", {{"name", "Lobby"}, {"addin", "prices"}}).status ==
        201
    );
    const auto read = api.send("admin", "GET", "/v1/addins/prices");
    REQUIRE(read.status == 200);
    CHECK(read.body["id"] == made.body["id"]);
    CHECK(read.body["url"] == "https://prices.example/board");
    CHECK(read.body["rooms"] == 1);
    const auto moved = api.send(
        "admin",
        "PATCH",
        "/v1/addins/Prices",
        {{"name", "Board"}, {"url", "https://new.example/"}},
        {{"If-Match", read.etag}}
    );
    REQUIRE(moved.status == 200);
    CHECK(moved.etag == "\"2\"");
    CHECK(api.send("admin", "GET", "/v1/rooms/Lobby").body["addin"] == "Board");
    const auto same = api.send("admin", "PATCH", "/v1/addins/Board", {{"name", "Board"}});
    CHECK(same.etag == "\"2\"");
    CHECK(
        api.send(
               "admin", "PATCH", "/v1/addins/Board", {{"name", "X"}}, {{"If-Match", "\"1\""}}
        ).code() == "changed-meanwhile"
    );
    CHECK(api.send("admin", "GET", "/v1/addins?filter=NEW*").body["addins"].size() == 1);
    CHECK(api.send("admin", "GET", "/v1/addins?filter=none").body["addins"].empty());
    const auto used = api.send("admin", "DELETE", "/v1/addins/Board");
    CHECK(used.status == 409);
    CHECK(used.code() == "addin-in-use");
    const auto gone = api.send("admin", "DELETE", "/v1/addins/Board?force=true");
    REQUIRE(gone.status == 200);
    REQUIRE(gone.body["taken"].size() == 1);
    CHECK(gone.body["taken"][0]["name"] == "Lobby");
    CHECK_FALSE(api.send("admin", "GET", "/v1/rooms/Lobby").body.contains("addin"));
    CHECK(api.send("admin", "GET", "/v1/addins/Board").status == 404);
}

TEST_CASE("api add-ins: limits of names and addresses", "[api]") {
    ApiWorld api;
    const auto post = [&](const std::string& name, const std::string& url) {
        return api.send("admin", "POST", "/v1/addins", {{"name", name}, {"url", url}});
    };
    const std::string good = "https://a.example/";
    CHECK(post(std::string(51, 'n'), good).code() == "too-long");
    CHECK(post(std::string(50, 'n'), good).status == 201);
    CHECK(post("  ", good).code() == "bad-value");
    CHECK(post("a", good + std::string(238, 'x')).code() == "too-long");
    CHECK(post("a", good + std::string(237, 'x')).status == 201);
    const auto plain = post("b", "http://a.example/");
    CHECK(plain.code() == "bad-value");
    CHECK(plain.body["error"]["field"] == "url");
    const json asked = {{"name", "b"}, {"url", "http://a.example/"}, {"allow_http", true}};
    CHECK(api.send("admin", "POST", "/v1/addins", asked).status == 201);
    // What was allowed once is no reason to refuse another change.
    const json renamed = {{"name", "c"}, {"url", "http://a.example/"}};
    CHECK(api.send("admin", "PATCH", "/v1/addins/b", renamed).status == 200);
    CHECK(post("d", "javascript:alert(1)").code() == "bad-value");
    CHECK(api.send("admin", "POST", "/v1/addins", {{"name", "d"}}).code() == "bad-request");
    CHECK(api.send("admin", "POST", "/v1/addins", {{"url", good}}).code() == "bad-request");
}

TEST_CASE("api add-ins: everybody looks, administrators change", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("una"), AdminRole::user_admin);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    const json prices = {{"name", "Prices"}, {"url", "https://prices.example/"}};
    for (const char* who : {"bob", "vic", "una"}) {
        CHECK(api.send(who, "GET", "/v1/addins").status == 200);
        CHECK(api.send(who, "POST", "/v1/addins", prices).code() == "role-missing");
        CHECK(api.send(who, "PATCH", "/v1/addins/x", prices).code() == "role-missing");
        CHECK(api.send(who, "DELETE", "/v1/addins/x").code() == "role-missing");
    }
    CHECK(api.send("", "GET", "/v1/addins").status == 401);
    CHECK(api.send("pat", "POST", "/v1/addins", prices).status == 201);
    CHECK(api.send("pat", "DELETE", "/v1/addins/Prices").status == 200);
}
