// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

namespace {

/// The administrator is a member too, or could not read what it changes.
struct Said {
    Said() : bob(api.world.user("bob")) {
        api.world.room("Lobby", "General", {{bob, api.world.user("admin")}, {bob}});
        for (const char* body : {"one", "two", "three"})
            REQUIRE(
                api.send("bob", "POST", "/v1/rooms/Lobby/messages", {{"body", body}}).status == 201
            );
    }
    json read() { return api.send("bob", "GET", "/v1/rooms/Lobby/messages").body["messages"]; }

    ApiWorld api;
    PrincipalId bob;
};

}  // namespace

TEST_CASE("api messages: an administrator removes one", "[api]") {
    Said said;
    const std::string path = "/v1/rooms/Lobby/messages/2";
    CHECK(said.api.send("bob", "DELETE", path).code() == "not-allowed");
    CHECK(said.api.send("", "DELETE", path).status == 401);
    CHECK(said.api.send("admin", "DELETE", path + "?dry_run=true").body["rev"] == 1);
    CHECK(said.read()[1]["body"] == "two");
    const auto removed = said.api.send("admin", "DELETE", path);
    REQUIRE(removed.status == 200);
    CHECK(removed.body["rev"] == 1);
    CHECK(removed.body["seq"] == 2);
    CHECK(said.read()[1].dump().find("two") == std::string::npos);
    CHECK(said.read().size() == 3);
    CHECK(
        said.api.send("admin", "DELETE", "/v1/rooms/Lobby/messages/9").code() == "message-not-found"
    );
    CHECK(said.api.send("admin", "DELETE", "/v1/rooms/Lobby/messages/x").code() == "bad-value");
}

TEST_CASE("api messages: an administrator replaces one", "[api]") {
    Said said;
    const std::string path = "/v1/rooms/Lobby/messages/2";
    CHECK(said.api.send("bob", "PATCH", path, {{"body", "x"}}).code() == "not-allowed");
    CHECK(said.api.send("admin", "PATCH", path, json::object()).code() == "bad-request");
    CHECK(said.api.send("admin", "PATCH", path, "{").code() == "bad-json");
    CHECK(said.api.send("admin", "PATCH", path + "?dry_run=true", {{"body", "x"}}).status == 200);
    CHECK(said.read()[1]["body"] == "two");
    const auto replaced = said.api.send("admin", "PATCH", path, {{"body", "better"}});
    REQUIRE(replaced.status == 200);
    CHECK(replaced.body["rev"] == 1);
    CHECK(said.read()[1]["body"] == "better");
}

TEST_CASE("api messages: an administrator clears a room", "[api]") {
    Said said;
    const std::string path = "/v1/rooms/Lobby/clear";
    CHECK(said.api.send("bob", "POST", path).code() == "not-allowed");
    CHECK(said.api.send("admin", "POST", path, {{"before_seq", 0}}).code() == "bad-value");
    CHECK(
        said.api.send("admin", "POST", path, {{"before_time", "yesterday"}}).code() == "bad-value"
    );
    CHECK(
        said.api
            .send(
                "admin", "POST", path, {{"before_seq", 1}, {"before_time", "2026-01-01T00:00:00Z"}}
            )
            .code() == "bad-request"
    );
    CHECK(said.api.send("admin", "POST", path + "?dry_run=true").body["first"] == 4);
    CHECK(said.read().size() == 3);
    const auto some = said.api.send("admin", "POST", path, {{"before_seq", 3}});
    REQUIRE(some.status == 200);
    CHECK(some.body["first"] == 3);
    CHECK(some.body["rev"] == 1);
    CHECK(said.read().size() == 1);
    const auto old =
        said.api.send("admin", "POST", path, {{"before_time", "2001-01-01T00:00:00Z"}});
    CHECK(old.body["first"] == 3);
    CHECK(said.api.send("admin", "POST", path).body["first"] == 4);
    CHECK(said.read().empty());
}
