// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api import: users and groups, all or none", "[api]") {
    ApiWorld api;
    const json people = {
        {"users", {{{"user", sip("ann")}, {"display", "Ann"}}, {{"user", sip("bob")}}}}};
    const auto would = api.send("admin", "POST", "/v1/users/import?dry_run=true", people);
    CHECK(would.body["created"] == 2);
    CHECK(would.body["applied"] == false);
    const auto done = api.send("admin", "POST", "/v1/users/import", people);
    REQUIRE(done.status == 200);
    CHECK(done.body["applied"] == true);
    CHECK(done.body["created"] == 2);
    CHECK(done.body["problems"] == json::array());
    CHECK(api.send("admin", "POST", "/v1/users/import", people).body["same"] == 2);
    const json teams = {
        {"groups",
         {{{"name", "all"}, {"members", {"group:desk"}}},
          {{"name", "desk"}, {"members", {sip("ann")}}}}}};
    CHECK(api.send("admin", "POST", "/v1/groups/import", teams).body["created"] == 2);
    const json wrong = {
        {"groups", {{{"name", "x"}}, {{"name", "desk"}, {"members", {"group:all"}}}}}};
    const auto refused = api.send("admin", "POST", "/v1/groups/import", wrong);
    CHECK(refused.status == 200);
    CHECK(refused.body["applied"] == false);
    REQUIRE(refused.body["problems"].size() == 1);
    CHECK(refused.body["problems"][0]["row"] == 1);
    CHECK(refused.body["problems"][0]["code"] == "group-cycle");
    CHECK(refused.body["problems"][0]["field"] == "members");
    CHECK(api.send("admin", "GET", "/v1/groups/x").status == 404);
}

TEST_CASE("api import: bounded, well formed and for user-admins", "[api]") {
    ApiWorld api;
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    for (const char* who : {"vic", "pat"}) {
        CHECK(api.send(who, "POST", "/v1/users/import", {{"users", json::array()}}).status == 403);
        CHECK(
            api.send(who, "POST", "/v1/groups/import", {{"groups", json::array()}}).status == 403
        );
    }
    json many = json::array();
    for (int i = 0; i < 1001; ++i)
        many.push_back({{"user", sip("u" + std::to_string(i))}});
    CHECK(api.send("admin", "POST", "/v1/users/import", {{"users", many}}).status >= 400);
    CHECK(api.send("admin", "POST", "/v1/users/import", {{"users", {1}}}).status >= 400);
    const json nameless = {{"groups", {json::object()}}};
    CHECK(api.send("admin", "POST", "/v1/groups/import", nameless).code() == "bad-request");
}
