// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api policies: made, read, listed, changed and removed", "[api]") {
    ApiWorld api;
    const json on = {{"enable_persistent_chat", true}, {"description", "Trading floor"}};
    const auto would = api.send("admin", "PATCH", "/v1/policies/traders?dry_run=true", on);
    CHECK(would.status == 200);
    CHECK(api.send("admin", "GET", "/v1/policies/traders").code() == "policy-not-found");
    const auto made = api.send("admin", "PATCH", "/v1/policies/tag%3Atraders", on);
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    const auto read = api.send("admin", "GET", "/v1/policies/traders");
    REQUIRE(read.status == 200);
    CHECK(read.body["identity"] == "tag:traders");
    CHECK(read.body["scope"] == "tag");
    CHECK(read.body["name"] == "traders");
    CHECK(read.body["enable_persistent_chat"] == true);
    CHECK(read.body["description"] == "Trading floor");
    CHECK(read.body["granted"] == 0);
    CHECK(api.send("admin", "PATCH", "/v1/policies/site:hq", on).status == 201);
    const auto list = api.send("admin", "GET", "/v1/policies?limit=2");
    REQUIRE(list.body["policies"].size() == 2);
    CHECK(list.body["policies"][0]["identity"] == "global");
    CHECK(list.body["policies"][1]["identity"] == "site:hq");
    const std::string cursor = list.body["cursor"];
    CHECK(api.send("admin", "GET", "/v1/policies?cursor=" + cursor).body["policies"].size() == 1);
    CHECK(api.send("admin", "GET", "/v1/policies?filter=TAG:*").body["policies"].size() == 1);
    CHECK(
        api.send("admin", "PATCH", "/v1/policies/traders", on, {{"If-Match", "\"9\""}}).code() ==
        "changed-meanwhile"
    );
    CHECK(api.send("admin", "DELETE", "/v1/policies/site:hq").status == 200);
    CHECK(api.send("admin", "GET", "/v1/policies/site:hq").status == 404);
    CHECK(api.send("admin", "DELETE", "/v1/policies/global").status == 200);
    const auto global = api.send("admin", "GET", "/v1/policies/global");
    CHECK(global.body["enable_persistent_chat"] == false);
}

TEST_CASE("api policies: granted and revoked under users", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    api.send("admin", "PATCH", "/v1/policies/none", {{"enable_persistent_chat", false}});
    const std::string policy = "/v1/users/" + sip("ann") + "/policy";
    const auto before = api.send("admin", "GET", policy);
    REQUIRE(before.status == 200);
    CHECK(before.body["user"] == sip("ann"));
    CHECK(before.body["site"] == "hq");
    CHECK(before.body["policy"] == "global");
    CHECK(before.body["enable_persistent_chat"] == true);
    CHECK(before.body["steps"][0] == json{{"scope", "tag"}, {"outcome", "not-asked"}});
    CHECK(
        before.body["steps"][2] ==
        json{{"scope", "global"}, {"outcome", "chosen"}, {"policy", "global"}}
    );
    const auto granted = api.send("admin", "PUT", policy, {{"policy", "none"}});
    REQUIRE(granted.status == 200);
    CHECK(granted.body["policy"] == "tag:none");
    CHECK(granted.body == api.send("admin", "GET", policy).body);
    CHECK(api.send("admin", "GET", "/v1/policies/none").body["granted"] == 1);
    const auto who = api.send("admin", "GET", "/v1/users/policies?enabled=false");
    REQUIRE(who.body["users"].size() == 1);
    CHECK(who.body["users"][0]["user"] == sip("ann"));
    CHECK(api.send("admin", "GET", "/v1/users/policies?enabled=no").code() == "bad-value");
    CHECK(api.send("admin", "DELETE", "/v1/policies/none").body["released"] == json{sip("ann")});
    CHECK(api.send("admin", "GET", policy).body["policy"] == "global");
    CHECK(api.send("admin", "PUT", policy, json::object()).code() == "bad-request");
    CHECK(api.send("admin", "DELETE", policy).body["policy"] == "global");
}

TEST_CASE("api policies: roles open the gates", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    api.world.grant(api.world.user("una"), AdminRole::user_admin);
    api.send("admin", "PATCH", "/v1/policies/all", {{"enable_persistent_chat", true}});
    const std::string policy = "/v1/users/" + sip("bob") + "/policy";
    const json on = {{"enable_persistent_chat", true}};
    CHECK(api.send("bob", "GET", "/v1/policies").code() == "role-missing");
    CHECK(api.send("bob", "GET", policy).code() == "role-missing");
    CHECK(api.send("bob", "GET", "/v1/users/policies").code() == "role-missing");
    CHECK(api.send("vic", "GET", "/v1/policies").status == 200);
    CHECK(api.send("vic", "GET", policy).status == 200);
    CHECK(api.send("vic", "PATCH", "/v1/policies/all", on).code() == "role-missing");
    CHECK(api.send("vic", "DELETE", "/v1/policies/all").code() == "role-missing");
    CHECK(api.send("pat", "PATCH", "/v1/policies/all", on).status == 200);
    CHECK(api.send("pat", "PUT", policy, {{"policy", "all"}}).code() == "role-missing");
    CHECK(api.send("pat", "DELETE", policy).code() == "role-missing");
    CHECK(api.send("una", "PATCH", "/v1/policies/all", on).status == 200);
    CHECK(api.send("una", "PUT", policy, {{"policy", "all"}}).status == 200);
    CHECK(api.send("", "GET", "/v1/policies").status == 401);
}
