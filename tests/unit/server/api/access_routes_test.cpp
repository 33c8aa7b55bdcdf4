// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

namespace {

/// Staff may be in Research, traders not; ann is of the staff, bob of both.
struct Arranged : ApiWorld {
    Arranged() {
        const PrincipalId staff = world.group("staff");
        const PrincipalId traders = world.group("traders");
        const PrincipalId ann = world.user("ann", {staff});
        world.user("bob", {staff, traders});
        world.grant(world.user("vic"), AdminRole::viewer);
        world.category("Research", {.allowed = {staff}});
        world.room("Lab", "Research", {.members = {staff}});
        world.room("Private", "Research", {.members = {ann}, .privacy = RoomPrivacy::secret});
    }
    Answer explain(const std::string& user, const std::string& room) {
        return send("vic", "GET", "/v1/access/explain?user=" + sip(user) + "&room=" + room);
    }
};

}  // namespace

TEST_CASE("api access: explains every right with its reason and its way", "[api]") {
    Arranged api;
    const auto found = api.explain("ann", "Lab");
    REQUIRE(found.status == 200);
    CHECK(found.body["user"] == sip("ann"));
    CHECK(found.body["room"] == "Lab");
    CHECK(found.body["category"] == "Research");
    CHECK(found.body["may"] == json{"view", "join", "chat", "history", "invitation"});
    CHECK(found.body["policy"] == "global");
    CHECK(
        found.body["rights"][1] ==
        json{
            {"right", "join"},
            {"granted", true},
            {"rule", "member"},
            {"because", "the user is a member"}}
    );
    CHECK(found.body["rights"][7]["granted"] == false);
    CHECK(found.body["rights"][7]["rule"] == "administrator");
    const json& allowed = found.body["steps"][3];
    CHECK(allowed["rule"] == "allowed-in-category");
    CHECK(allowed["holds"] == true);
    CHECK(allowed["paths"] == json::array({json::array({sip("ann"), "group:staff"})}));
    CHECK(api.explain("nobody", "Lab").code() == "user-not-found");
    CHECK(api.explain("ann", "Nowhere").code() == "room-not-found");
    CHECK(api.send("vic", "GET", "/v1/access/explain?room=Lab").code() == "bad-request");
    CHECK(
        api.send("vic", "GET", "/v1/access/explain?user=group:staff&room=Lab").code() == "bad-value"
    );
}

TEST_CASE("api access: foresees a change of a category and of a room", "[api]") {
    Arranged api;
    const auto deny = api.send(
        "vic", "POST", "/v1/access/diff/categories/Research", {{"add_deny", {"group:traders"}}}
    );
    REQUIRE(deny.status == 200);
    REQUIRE(deny.body["changes"].size() == 1);
    CHECK(deny.body["changes"][0]["user"] == sip("bob"));
    CHECK(deny.body["changes"][0]["room"] == "Lab");
    CHECK(deny.body["changes"][0]["after"] == json::array());
    CHECK(deny.body["changes"][0]["lost"] == deny.body["changes"][0]["before"]);
    CHECK(deny.body["users"] == 1);
    CHECK(deny.body["count"] == 1);
    CHECK(deny.body["complete"] == true);
    const auto leave =
        api.send("vic", "POST", "/v1/access/diff/categories/Research", {{"allow", json::array()}});
    CHECK(leave.body["purged"].size() == 2);
    CHECK(leave.body["changes"].size() == 3);
    const auto add =
        api.send("vic", "POST", "/v1/access/diff/rooms/Private", {{"add_members", {sip("bob")}}});
    REQUIRE(add.body["changes"].size() == 1);
    CHECK(
        add.body["changes"][0]["gained"] == json{"view", "join", "chat", "history", "invitation"}
    );
    const auto wrong =
        api.send("vic", "POST", "/v1/access/diff/rooms/Private", {{"add_members", {sip("vic")}}});
    CHECK(wrong.code() == "principals-not-in-scope");
    CHECK(api.send("vic", "POST", "/v1/access/diff/rooms/None", json::object()).status == 404);
    CHECK(api.send("admin", "GET", "/v1/categories/Research").body["deny"] == json::array());
}

TEST_CASE("api access: compares two users and two rooms", "[api]") {
    Arranged api;
    const auto users =
        api.send("vic", "GET", "/v1/access/diff?user=" + sip("ann") + "&other=" + sip("bob"));
    REQUIRE(users.status == 200);
    REQUIRE(users.body["changes"].size() == 1);
    CHECK(users.body["changes"][0]["room"] == "Private");
    CHECK(users.body["changes"][0]["second"] == json::array());
    CHECK(users.body["changes"][0]["only_second"] == json::array());
    const auto rooms = api.send("vic", "GET", "/v1/access/diff?room=Private&other=Lab");
    REQUIRE(rooms.body["changes"].size() == 1);
    CHECK(rooms.body["changes"][0]["user"] == sip("bob"));
    CHECK(rooms.body["changes"][0]["only_first"] == json::array());
    CHECK(api.send("vic", "GET", "/v1/access/diff?room=Lab").code() == "bad-request");
    CHECK(api.send("vic", "GET", "/v1/access/diff?other=Lab").code() == "bad-request");
}

TEST_CASE("api access: is for who may read all settings", "[api]") {
    Arranged api;
    const std::string explain = "/v1/access/explain?room=Lab&user=" + sip("ann");
    CHECK(api.send("ann", "GET", explain).code() == "role-missing");
    CHECK(api.send("ann", "GET", "/v1/access/diff?room=Lab&other=Lab").code() == "role-missing");
    for (const char* path : {"/v1/access/diff/categories/Research", "/v1/access/diff/rooms/Lab"})
        CHECK(api.send("ann", "POST", path, json::object()).code() == "role-missing");
    CHECK(api.send("", "GET", explain).status == 401);
}
