// SPDX-License-Identifier: Apache-2.0
// Policies, groups and settings that change while people chat.
#include "tests/integration/chat/scene.h"

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

/// What a session hears until it is told that a room is gone.
void wait_until_gone(ChatClient& client, const std::string& room) {
    for (;;) {
        const Json frame = client.wait_for("gone");
        if (frame["room"] == room)
            return;
    }
}

void check_ok(const HttpAnswer& answer) {
    INFO(answer.text);
    CHECK((answer.status == 200 || answer.status == 201));
}

/// Nothing that is said in the room now reaches the client.
void check_deaf(ChatClient& client, ChatClient& speaker, const std::string& room) {
    client.kept().clear();
    speaker.post(room, "after", "not for everybody");
    CHECK(client.ask({{"type", "ping"}})["type"] == "ok");
    for (const Json& frame : client.kept())
        CHECK(frame["type"] != "msg");
}

}  // namespace

TEST_CASE("administration: who loses chat by a policy is out of all rooms", "[policy]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    for (ChatClient* client : {&ann, &bob})
        for (std::size_t room = 0; room < 2; ++room)
            REQUIRE(client->join(scene.room(room))["type"] == "ok");
    check_ok(scene.admin("PATCH", "/v1/policies/tag:silent", {{"enable_persistent_chat", false}}));
    const std::string policy = "/v1/users/" + Scene::user_name(0) + "/policy";
    check_ok(scene.admin("PUT", policy, {{"policy", "silent"}}));
    wait_until_gone(ann, scene.room(0));
    wait_until_gone(ann, scene.room(1));
    check_deaf(ann, bob, scene.room(0));
    CHECK(ann.join(scene.room(0))["type"] == "err");
    check_ok(scene.admin("DELETE", policy));
    CHECK(ann.join(scene.room(0))["type"] == "ok");
    // Bob never noticed.
    for (const Json& frame : bob.kept())
        CHECK(frame["type"] != "gone");
    check_ok(scene.admin("PATCH", "/v1/policies/global", {{"enable_persistent_chat", false}}));
    wait_until_gone(ann, scene.room(0));
    wait_until_gone(bob, scene.room(0));
    CHECK(bob.join(scene.room(0))["type"] == "err");
    check_ok(scene.admin("PATCH", "/v1/policies/global", {{"enable_persistent_chat", true}}));
    CHECK(bob.join(scene.room(0))["type"] == "ok");
}

TEST_CASE("administration: a site's policy reaches who is at home there", "[policy]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    REQUIRE(ann.join(scene.room(0))["type"] == "ok");
    check_ok(scene.admin("PATCH", "/v1/users/" + Scene::user_name(0), {{"site", "redmond"}}));
    check_ok(scene.admin("PATCH", "/v1/policies/site:redmond", {{"description", "off"}}));
    wait_until_gone(ann, scene.room(0));
    CHECK(ann.join(scene.room(0))["type"] == "err");
    check_ok(scene.admin("DELETE", "/v1/policies/site:redmond"));
    CHECK(ann.join(scene.room(0))["type"] == "ok");
}

TEST_CASE("administration: who leaves a nested group is out of its rooms", "[group]") {
    Scene scene;
    check_ok(
        scene.admin("POST", "/v1/groups", {{"name", "floor"}, {"members", {Scene::user_name(0)}}})
    );
    check_ok(scene.admin("POST", "/v1/groups", {{"name", "desk"}, {"members", {"group:floor"}}}));
    const std::string room = scene.closed_room("Trades", {1});
    check_ok(scene.admin("PATCH", "/v1/rooms/" + room, {{"add_members", {"group:desk"}}}));
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    REQUIRE(bob.join(room)["type"] == "ok");
    const auto leave_and_return = [&](const std::string& group, const std::string& member) {
        REQUIRE(ann.join(room)["type"] == "ok");
        check_ok(scene.admin("PATCH", "/v1/groups/" + group, {{"remove_members", {member}}}));
        wait_until_gone(ann, room);
        check_deaf(ann, bob, room);
        CHECK(ann.join(room)["type"] == "err");
        check_ok(scene.admin("PATCH", "/v1/groups/" + group, {{"add_members", {member}}}));
    };
    leave_and_return("floor", Scene::user_name(0));
    leave_and_return("desk", "group:floor");
    REQUIRE(ann.join(room)["type"] == "ok");
    check_ok(scene.admin("DELETE", "/v1/groups/floor"));
    wait_until_gone(ann, room);
}

TEST_CASE("administration: settings count from the next join", "[config]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    REQUIRE(ann.join(scene.room(0))["type"] == "ok");
    for (int i = 0; i < 5; ++i)
        ann.post(scene.room(0), "k" + std::to_string(i), "text");
    check_ok(scene.admin("PATCH", "/v1/config/global", {{"default_chat_history", 2}}));
    ChatClient bob{scene.server.port(), scene.world.tokens[1]};
    CHECK(bob.wait_for("welcome")["limits"]["history"] == 2);
    CHECK(bob.join(scene.room(0))["messages"].size() == 2);
    check_ok(scene.admin("DELETE", "/v1/config/global"));
    ChatClient cat = scene.client(2);
    CHECK(cat.join(scene.room(0))["messages"].size() == 5);
}
