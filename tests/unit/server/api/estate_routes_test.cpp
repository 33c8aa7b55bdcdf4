// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

namespace {

const json lobby = {{"rooms", {{{"name", "Lobby"}, {"category", "General"}}}}};

struct Roles {
    Roles() {
        api.world.user("bob");
        api.world.grant(api.world.user("see"), AdminRole::viewer);
        api.world.grant(api.world.user("people"), AdminRole::user_admin);
        api.world.grant(api.world.user("rooms"), AdminRole::pchat_admin);
    }
    ApiWorld api;
};

}  // namespace

TEST_CASE("api estate: planned, applied, told", "[api]") {
    Roles roles;
    ApiWorld& api = roles.api;
    const auto planned = api.send("rooms", "POST", "/v1/apply?dry_run=true", lobby);
    REQUIRE(planned.status == 200);
    CHECK(planned.body["applied"] == false);
    REQUIRE(planned.body["changes"].size() == 1);
    const json change = planned.body["changes"][0];
    CHECK(change["action"] == "create");
    CHECK(change["noun"] == "room");
    CHECK(change["fields"] == json::array({{{"field", "category"}, {"after", "General"}}}));
    CHECK(api.send("see", "GET", "/v1/rooms/Lobby").status == 404);
    const std::string plan = planned.body["plan"];
    CHECK(api.send("rooms", "POST", "/v1/apply?plan=other", lobby).code() == "changed-meanwhile");
    const auto applied = api.send("rooms", "POST", "/v1/apply?plan=" + plan, lobby);
    REQUIRE(applied.status == 200);
    CHECK(applied.body["applied"] == true);
    const auto told = api.send("see", "GET", "/v1/estate");
    REQUIRE(told.status == 200);
    CHECK(told.body["rooms"][0]["name"] == "Lobby");
    CHECK(told.body["rooms"][0]["privacy"] == "closed");
    CHECK(told.body["categories"][0]["allow"] == json{"everyone"});
    const auto again = api.send("admin", "POST", "/v1/apply", told.body);
    REQUIRE(again.status == 200);
    CHECK(again.body["changes"].empty());
}

TEST_CASE("api estate: lists tell who comes and who goes", "[api]") {
    Roles roles;
    ApiWorld& api = roles.api;
    api.world.room("Lab", "General", {.members = {api.world.user("bob")}});
    const json wanted = {{"rooms", {{{"name", "Lab"}, {"members", {sip("see")}}}}}};
    const auto planned = api.send("rooms", "POST", "/v1/apply?dry_run=true", wanted);
    REQUIRE(planned.status == 200);
    const json field = planned.body["changes"][0]["fields"][0];
    CHECK(field["added"] == json{sip("see")});
    CHECK(field["removed"] == json{sip("bob")});
    const json loss = planned.body["changes"][0]["losses"][0];
    CHECK(loss["kind"] == "membership");
    CHECK(loss["name"] == "Lab");
    CHECK(loss["list"] == "members");
    CHECK(loss["principal"] == sip("bob"));
}

TEST_CASE("api estate: refused as a whole without the role for one section", "[api]") {
    Roles roles;
    ApiWorld& api = roles.api;
    const json policies = {{"policies", {{{"identity", "traders"}}}}};
    json grants = policies;
    grants["grants"] = {{{"user", sip("bob")}, {"policy", "traders"}}};
    json both = lobby;
    both["grants"] = json::array({{{"user", sip("bob")}, {"policy", "traders"}}});
    for (const std::string who : {"bob", "see"})
        CHECK(api.send(who, "POST", "/v1/apply", lobby).status == 403);
    CHECK(api.send("", "POST", "/v1/apply", lobby).status == 401);
    CHECK(api.send("bob", "GET", "/v1/estate").status == 403);
    CHECK(api.send("people", "POST", "/v1/apply", lobby).status == 403);
    CHECK(api.send("rooms", "POST", "/v1/apply", grants).code() == "role-missing");
    // A plan is for whoever may look at the pool.
    for (const std::string who : {"see", "rooms"})
        CHECK(api.send(who, "POST", "/v1/apply?dry_run=true", grants).status == 200);
    CHECK(api.send("bob", "POST", "/v1/apply?dry_run=true", grants).code() == "role-missing");
    CHECK(api.send("rooms", "POST", "/v1/apply", both).status == 403);
    CHECK(api.send("see", "GET", "/v1/rooms/Lobby").status == 404);
    CHECK(api.send("rooms", "POST", "/v1/apply", policies).status == 200);
    CHECK(api.send("people", "POST", "/v1/apply", grants).status == 200);
    CHECK(api.send("people", "POST", "/v1/apply", {{"prune", {"walls"}}}).status == 403);
}

TEST_CASE("api estate: what has no meaning is refused, what is wrong is told", "[api]") {
    Roles roles;
    ApiWorld& api = roles.api;
    const auto refused = [&](const json& body) {
        const auto answer = api.send("admin", "POST", "/v1/apply", body);
        CHECK(answer.status >= 400);
        return answer.body["error"].value("message", "") + " | " +
               answer.body["error"].value("hint", "");
    };
    CHECK(
        refused({{"romes", json::array()}}) ==
        "unknown field 'romes' in the estate | did you mean 'rooms'?"
    );
    CHECK_THAT(
        refused({{"rooms", {{{"name", "A"}, {"memebrs", json::array()}}}}}),
        Catch::Contains("unknown field 'memebrs' in rooms[0] | did you mean 'members'?")
    );
    CHECK_THAT(refused({{"rooms", {{{"privacy", "open"}}}}}), Catch::Contains("rooms[0].name"));
    CHECK_THAT(
        refused({{"rooms", {{{"name", "A"}, {"privacy", "shut"}}}}}),
        Catch::Contains("rooms[0].privacy")
    );
    CHECK_THAT(refused({{"rooms", "all"}}), Catch::Contains("rooms"));
    CHECK_THAT(refused({{"prune", {"users"}}}), Catch::Contains("no section 'users'"));
    const json unknown = {{"rooms", {{{"name", "A"}, {"members", {"group:nobody"}}}}}};
    const auto told = api.send("admin", "POST", "/v1/apply", unknown);
    REQUIRE(told.status == 200);
    CHECK(told.body["applied"] == false);
    CHECK(told.body["changes"].empty());
    const json problem = told.body["problems"][0];
    CHECK(problem["section"] == "rooms");
    CHECK(problem["item"] == 0);
    CHECK(problem["field"] == "members");
    CHECK(problem["value"] == "group:nobody");
    CHECK(problem["code"] == "principal-not-found");
}
