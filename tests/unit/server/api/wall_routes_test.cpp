// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

namespace {

const json both = {{"a", {"group:research"}}, {"b", {"group:traders"}}};

struct Bank {
    Bank() {
        const PrincipalId research = api.world.group("research");
        const PrincipalId traders = api.world.group("traders");
        api.world.user("ann", {research});
        api.world.user("bob", {traders});
        api.world.user("see");
        api.world.grant(api.world.user("see"), AdminRole::viewer);
        api.world.room("Lab", "General", {.members = {research}});
    }
    ApiWorld api;
};

}  // namespace

TEST_CASE("api walls: made, read, listed, changed and removed", "[api]") {
    Bank bank;
    ApiWorld& api = bank.api;
    CHECK(api.send("admin", "PATCH", "/v1/walls/W?dry_run=true", both).status == 200);
    CHECK(api.send("admin", "GET", "/v1/walls/W").code() == "wall-not-found");
    const auto made = api.send("admin", "PATCH", "/v1/walls/W", both);
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    const auto read = api.send("see", "GET", "/v1/walls/w");
    REQUIRE(read.status == 200);
    CHECK(read.body["name"] == "W");
    CHECK(read.body["a"] == json{"group:research"});
    CHECK(read.body["b"] == json{"group:traders"});
    CHECK(read.body["holds"] == true);
    const json more = {{"add_b", {sip("admin")}}, {"description", "why"}};
    const auto changed = api.send("admin", "PATCH", "/v1/walls/W", more);
    REQUIRE(changed.status == 200);
    CHECK(changed.body["b"].size() == 2);
    CHECK(
        api.send("admin", "PATCH", "/v1/walls/W", both, {{"If-Match", "\"1\""}}).code() ==
        "changed-meanwhile"
    );
    const auto list = api.send("see", "GET", "/v1/walls");
    REQUIRE(list.body["walls"].size() == 1);
    CHECK(list.body["walls"][0]["description"] == "why");
    CHECK(api.send("admin", "DELETE", "/v1/walls/W").status == 200);
    CHECK(api.send("see", "GET", "/v1/walls").body["walls"].empty());
}

TEST_CASE("api walls: a change that would break one is refused with room and people", "[api]") {
    Bank bank;
    REQUIRE(bank.api.send("admin", "PATCH", "/v1/walls/W", both).status == 201);
    const auto refused =
        bank.api.send("admin", "PATCH", "/v1/rooms/Lab", {{"add_members", {sip("bob")}}});
    CHECK(refused.status == 409);
    CHECK(refused.code() == "wall-broken");
    const std::string message = refused.body["error"]["message"];
    CHECK_THAT(message, Catch::Contains("'Lab'"));
    CHECK_THAT(message, Catch::Contains(sip("ann") + " and " + sip("bob")));
}

TEST_CASE("api walls: tested without being set, and by whom roles allow", "[api]") {
    Bank bank;
    ApiWorld& api = bank.api;
    const auto holds = api.send("see", "POST", "/v1/walls/test", both);
    REQUIRE(holds.status == 200);
    CHECK(holds.body == json{{"holds", true}, {"people_a", 1}, {"people_b", 1}, {"rooms", 1}});
    api.world.room("Hall", "General", {.privacy = RoomPrivacy::open});
    const auto broken = api.send("see", "POST", "/v1/walls/test", both);
    CHECK(broken.body["holds"] == false);
    CHECK(broken.body["room_name"] == "Hall");
    CHECK(broken.body["person_a"] == sip("ann"));
    CHECK(broken.body["person_b"] == sip("bob"));
    const json unknown = {{"a", {"group:nobody"}}, {"b", {sip("bob")}}};
    CHECK(api.send("see", "POST", "/v1/walls/test", unknown).status == 404);
    CHECK(api.send("see", "POST", "/v1/walls/test", {{"a", {sip("bob")}}}).status == 400);
    CHECK(api.send("ann", "POST", "/v1/walls/test", both).status == 403);
    CHECK(api.send("ann", "GET", "/v1/walls").status == 403);
    CHECK(api.send("see", "PATCH", "/v1/walls/W", both).status == 403);
    CHECK(api.send("see", "DELETE", "/v1/walls/W").status == 403);
}

TEST_CASE("api rooms: what a category change took is undone", "[api]") {
    Bank bank;
    ApiWorld& api = bank.api;
    const json deny = {{"add_deny", {"group:research"}}};
    const auto denied = api.send("admin", "PATCH", "/v1/categories/General", deny);
    REQUIRE(denied.status == 200);
    const std::string change = denied.body["undo"];
    CHECK(denied.body["purged"].size() == 1);
    const auto early = api.send("admin", "POST", "/v1/rooms/undo", {{"room", "Lab"}});
    REQUIRE(early.status == 200);
    CHECK(early.body["change"] == change);
    CHECK(early.body["restored"].empty());
    CHECK(early.body["refused"][0]["principal"] == "group:research");
    const json allow = {{"remove_deny", {"group:research"}}};
    api.send("admin", "PATCH", "/v1/categories/General", allow);
    const auto undone = api.send("admin", "POST", "/v1/rooms/undo", {{"change", change}});
    REQUIRE(undone.status == 200);
    CHECK(undone.body["restored"][0]["name"] == "Lab");
    CHECK(undone.body["restored"][0]["list"] == "members");
    CHECK(api.send("admin", "POST", "/v1/rooms/undo", {{"change", change}}).status == 404);
    CHECK(api.send("admin", "POST", "/v1/rooms/undo", json::object()).status == 400);
    CHECK(api.send("bob", "POST", "/v1/rooms/undo", {{"room", "Lab"}}).status == 403);
}
