// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

TEST_CASE("api users: created, read, changed and removed", "[api]") {
    ApiWorld api;
    const auto made = api.send(
        "admin",
        "POST",
        "/v1/users",
        {{"user", sip("bob")},
         {"display", "Bob"},
         {"email", "bob@mail.example"},
         {"company", "Contoso"},
         {"site", "hq"},
         {"password", "long enough"}}
    );
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    CHECK(made.body.dump().find("long enough") == std::string::npos);
    const auto read = api.send("admin", "GET", "/v1/users/sip%3Abob%40contoso.example");
    REQUIRE(read.status == 200);
    CHECK(read.body["id"] == made.body["id"]);
    CHECK(read.body["user"] == sip("bob"));
    CHECK(read.body["display"] == "Bob");
    CHECK(read.body["email"] == "bob@mail.example");
    CHECK(read.body["company"] == "Contoso");
    CHECK(read.body["site"] == "hq");
    CHECK(read.body["state"] == "active");
    CHECK(read.body["source"] == "local");
    CHECK(read.body["roles"] == json::array());

    const std::string path = "/v1/users/" + sip("bob");
    const auto changed = api.send(
        "admin",
        "PATCH",
        path,
        {{"display", "Bobby"}, {"add_roles", {"viewer", "user-admin"}}},
        {{"If-Match", read.etag}}
    );
    REQUIRE(changed.status == 200);
    CHECK(changed.etag == "\"2\"");
    CHECK(changed.body["roles"] == json({"viewer", "user-admin"}));
    CHECK(
        api.send("admin", "PATCH", path, {{"display", "X"}}, {{"If-Match", "\"1\""}}).code() ==
        "changed-meanwhile"
    );
    CHECK(
        api.send("admin", "PATCH", path, {{"remove_roles", {"viewer"}}}).body["roles"] ==
        json{"user-admin"}
    );
    const auto would = api.send("admin", "DELETE", path + "?dry_run=true");
    CHECK(would.body["state"] == "gone");
    CHECK(api.send("admin", "GET", path).body["state"] == "active");
    REQUIRE(api.send("admin", "DELETE", path).status == 200);
    CHECK(api.send("admin", "GET", path).code() == "user-not-found");
    const std::string id = made.body["id"];
    CHECK(api.send("admin", "GET", "/v1/users/" + id).body["state"] == "gone");
}

TEST_CASE("api users: sign in with the password they were given, until it changes", "[api]") {
    ApiWorld api;
    REQUIRE(
        api.send(
               "admin", "POST", "/v1/users", {{"user", sip("bob")}, {"password", "first one"}}
        ).status == 201
    );
    const auto sign_in = [&](const std::string& password) {
        return api.send(
                      "", "POST", "/v1/sessions", {{"user", sip("bob")}, {"password", password}}
        ).status;
    };
    CHECK(sign_in("first one") == 201);
    CHECK(api.send("bob", "GET", "/v1/rooms").status == 200);  // its token is remembered now
    REQUIRE(
        api.send(
               "admin", "PATCH", "/v1/users/" + sip("bob"), {{"password", "second one"}}
        ).status == 200
    );
    CHECK(api.send("bob", "GET", "/v1/rooms").status == 401);
    CHECK(sign_in("first one") == 401);
    CHECK(sign_in("second one") == 201);
}

TEST_CASE("api users: who is disabled is out at once", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    REQUIRE(api.send("bob", "GET", "/v1/rooms").status == 200);
    const std::string path = "/v1/users/" + sip("bob");
    CHECK(
        api.send("admin", "PATCH", path + "?dry_run=true", {{"disabled", true}}).body["state"] ==
        "disabled"
    );
    REQUIRE(api.send("bob", "GET", "/v1/rooms").status == 200);
    REQUIRE(api.send("admin", "PATCH", path, {{"disabled", true}}).body["state"] == "disabled");
    CHECK(api.send("bob", "GET", "/v1/rooms").status == 401);
    // Enabled again, the old token stays dead.
    REQUIRE(api.send("admin", "PATCH", path, {{"disabled", false}}).body["state"] == "active");
    CHECK(api.send("bob", "GET", "/v1/rooms").status == 401);
}

TEST_CASE("api users: roles open the gates", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("uma"), AdminRole::user_admin);
    const std::string bob = "/v1/users/" + sip("bob");
    CHECK(api.send("bob", "GET", "/v1/users").status == 403);
    CHECK(api.send("bob", "GET", bob).code() == "role-missing");
    CHECK(api.send("vic", "GET", "/v1/users").status == 200);
    CHECK(api.send("vic", "GET", bob).status == 200);
    for (const char* who : {"bob", "vic"}) {
        CHECK(api.send(who, "POST", "/v1/users", {{"user", sip("cid")}}).code() == "role-missing");
        CHECK(api.send(who, "PATCH", bob, {{"display", "X"}}).code() == "role-missing");
        CHECK(api.send(who, "DELETE", bob).code() == "role-missing");
    }
    CHECK(api.send("uma", "POST", "/v1/users", {{"user", sip("cid")}}).status == 201);
    CHECK(api.send("uma", "PATCH", bob, {{"add_roles", {"viewer"}}}).code() == "role-missing");
    CHECK(
        api.send(
               "uma", "PATCH", "/v1/users/" + sip("admin"), {{"password", "taken over"}}
        ).code() == "not-allowed"
    );
    CHECK(api.send("admin", "DELETE", "/v1/users/" + sip("admin")).code() == "last-administrator");
}

TEST_CASE("api users: refuse what is not right", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    const auto post = [&](const json& body) {
        return api.send("admin", "POST", "/v1/users", body);
    };
    CHECK(post("{").code() == "bad-json");
    CHECK(post(json::object()).code() == "bad-request");
    CHECK(post({{"user", "cid"}}).code() == "bad-value");
    CHECK(post({{"user", sip("cid")}, {"password", "short"}}).code() == "bad-value");
    CHECK(post({{"user", sip("cid")}, {"display", std::string(300, 'x')}}).code() == "too-long");
    CHECK(post({{"user", sip("BOB")}}).status == 409);
    const auto role =
        api.send("admin", "PATCH", "/v1/users/" + sip("bob"), {{"add_roles", {"king"}}});
    CHECK(role.code() == "bad-value");
    CHECK(role.body["error"]["field"] == "add_roles");
    CHECK(api.send("admin", "PATCH", "/v1/users/" + sip("cid"), {{"display", "X"}}).status == 404);
    CHECK(post({{"user", sip("x")}}).status == 201);
    CHECK(api.send("admin", "POST", "/v1/users?dry_run=true", {{"user", sip("y")}}).status == 200);
    CHECK(api.send("admin", "GET", "/v1/users/" + sip("y")).status == 404);
}

TEST_CASE("api users: the list goes by pages", "[api]") {
    ApiWorld api;
    for (const char* name : {"bob", "cid"})
        api.world.user(name);
    const auto first = api.send("admin", "GET", "/v1/users?limit=2");
    REQUIRE(first.body["users"].size() == 2);
    CHECK(first.body["users"][0]["roles"] == json{"administrator"});
    const std::string cursor = first.body["cursor"];
    const auto second = api.send("admin", "GET", "/v1/users?limit=2&cursor=" + cursor);
    REQUIRE(second.body["users"].size() == 1);
    CHECK(second.body["users"][0]["user"] == sip("cid"));
    CHECK_FALSE(second.body.contains("cursor"));
    CHECK(api.send("admin", "GET", "/v1/users?filter=BO").body["users"].size() == 1);
    CHECK(api.send("admin", "GET", "/v1/users?filter=b*b").body["users"].size() == 1);
    CHECK(api.send("admin", "GET", "/v1/users?state=disabled").body["users"].empty());
    CHECK(api.send("admin", "GET", "/v1/users?state=asleep").code() == "bad-value");
    CHECK(api.send("admin", "GET", "/v1/users?cursor=x").code() == "bad-cursor");
}
