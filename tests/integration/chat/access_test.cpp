// SPDX-License-Identifier: Apache-2.0
// Rights and sign-ins that end while people chat.
#include "base/sha256.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "tests/integration/chat/scene.h"

#include <atomic>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

/// Posts into a room without a pause until it is told to stop.
class Talker {
public:
    Talker(Scene& scene, std::size_t user, const std::string& room)
        : thread_([this, &scene, user, room] { talk(scene, user, room); }) {}
    ~Talker() { stop(); }
    Talker(const Talker&) = delete;
    Talker& operator=(const Talker&) = delete;

    void stop() {
        stopping_ = true;
        if (thread_.joinable())
            thread_.join();
    }
    [[nodiscard]] std::int64_t last() const { return last_; }
    [[nodiscard]] std::string refusal() const { return refusal_; }  // once stopped
    /// Until it has sent so many more.
    void go_on(std::int64_t count) const {
        const std::int64_t wanted = last_ + count;
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (last_ < wanted && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        REQUIRE(last_ >= wanted);
    }
    void wait_until_refused() {
        if (thread_.joinable())
            thread_.join();
    }

private:
    void talk(Scene& scene, std::size_t user, const std::string& room) {
        ChatClient client = scene.client(user);
        client.join(room);
        for (std::uint64_t key = 0; !stopping_; ++key) {
            const Json done = client.ask(send_request("", room, std::to_string(key), "text"));
            if (done["type"] != "ok") {
                refusal_ = done["code"];
                return;
            }
            last_ = done["seq"].get<std::int64_t>();
            client.kept().clear();
        }
    }

    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> last_{0};
    std::string refusal_;
    std::thread thread_;
};

/// The highest number that came before the session heard that the room is gone.
std::int64_t last_seen(ChatClient& client) {
    std::int64_t out = 0;
    for (bool gone = false; !gone;) {
        const Json frame = client.next().value();
        if (frame["type"] == "msg")
            out = frame["seq"];
        gone = frame["type"] == "gone";
    }
    return out;
}

}  // namespace

TEST_CASE("access: nothing committed after a member was removed reaches it", "[access]") {
    Scene scene;
    const std::string room = scene.closed_room("Walled", {0, 1});
    Talker talker{scene, 0, room};
    talker.go_on(5);
    ChatClient spy = scene.client(1);
    for (int round = 0; round < 25; ++round) {
        REQUIRE(spy.join(room)["type"] == "ok");
        talker.go_on(3);
        const HttpAnswer done =
            scene.admin("PATCH", "/v1/rooms/" + room, {{"remove_members", {Scene::user_name(1)}}});
        REQUIRE(done.status == 200);
        const std::int64_t acknowledged = talker.last();
        talker.go_on(10);
        // One message may have been under way to its commit when the change was acknowledged.
        CHECK(last_seen(spy) <= acknowledged + 1);
        // Whatever comes now was sent to somebody who may not have it.
        CHECK(spy.join(room)["type"] == "err");
        for (const Json& frame : spy.kept())
            CHECK(frame["type"] != "msg");
        spy.kept().clear();
        REQUIRE(
            scene.admin(
                     "PATCH", "/v1/rooms/" + room, {{"add_members", {Scene::user_name(1)}}}
            ).status == 200
        );
    }
}

TEST_CASE("access: a join that races with the removal ends outside", "[access]") {
    Scene scene;
    const std::string room = scene.closed_room("Raced", {0, 1});
    Talker talker{scene, 0, room};
    talker.go_on(60);  // more than memory holds, so that the joins below ask the database
    ChatClient spy = scene.client(1);
    for (int round = 0; round < 25; ++round) {
        for (int i = 0; i < 20; ++i)
            spy.send(
                {{"type", "join"}, {"id", "j" + std::to_string(i)}, {"room", room}, {"since", 0}}
            );
        REQUIRE(
            scene.admin(
                     "PATCH", "/v1/rooms/" + room, {{"remove_members", {Scene::user_name(1)}}}
            ).status == 200
        );
        for (int i = 0; i < 20; ++i)
            spy.answer("j" + std::to_string(i));
        spy.kept().clear();
        const std::int64_t head = talker.last();
        talker.go_on(10);
        CHECK(spy.ask({{"type", "ping"}})["type"] == "ok");
        for (const Json& frame : spy.kept())
            if (frame["type"] == "msg")
                CHECK(frame["seq"] <= head);
        spy.kept().clear();
        REQUIRE(
            scene.admin(
                     "PATCH", "/v1/rooms/" + room, {{"add_members", {Scene::user_name(1)}}}
            ).status == 200
        );
    }
}

TEST_CASE("access: a room that is deleted under load refuses, and nothing hangs", "[access]") {
    Scene scene;
    Talker first{scene, 0, scene.room(0)};
    Talker second{scene, 1, scene.room(0)};
    Talker elsewhere{scene, 2, scene.room(1)};
    first.go_on(20);
    second.go_on(20);
    ChatClient reader = scene.client(3);
    reader.join(scene.room(0));
    REQUIRE(scene.admin("DELETE", "/v1/rooms/" + scene.room(0)).status == 200);
    CHECK(reader.wait_for("gone")["reason"] == "deleted");
    first.wait_until_refused();
    second.wait_until_refused();
    for (const Talker* talker : {&first, &second})
        CHECK((talker->refusal() == "room-not-found" || talker->refusal() == "not-joined"));
    elsewhere.go_on(20);
    CHECK(reader.join(scene.room(0))["code"] == "room-not-found");
}

TEST_CASE("access: a revoked sign-in ends its session, others go on", "[access]") {
    Scene scene;
    REQUIRE(
        scene
            .admin(
                "POST",
                "/v1/users",
                {{"user", "sip:eve@bench.example"}, {"password", "secret of eve 1"}}
            )
            .status == 201
    );
    const auto sign_in = [&]() -> std::string {
        const HttpAnswer done = http(
            scene.server.port(),
            "POST",
            "/v1/sessions",
            {},
            {{"user", "sip:eve@bench.example"}, {"password", "secret of eve 1"}}
        );
        INFO(done.text);
        REQUIRE(done.status == 201);
        return done.body["token"];
    };
    const std::string first = sign_in();
    const std::string second = sign_in();
    ChatClient a{scene.server.port(), first};
    ChatClient b{scene.server.port(), second};
    a.wait_for("welcome");
    b.wait_for("welcome");
    REQUIRE(http(scene.server.port(), "DELETE", "/v1/sessions/current", first).status == 200);
    CHECK(a.wait_for_end() == 4001);
    CHECK(b.ask({{"type", "ping"}})["type"] == "ok");
    CHECK(ChatClient{scene.server.port(), first}.wait_for_end() == 4001);
    REQUIRE(
        scene.admin("PATCH", "/v1/users/sip:eve@bench.example", {{"disabled", true}}).status == 200
    );
    CHECK(b.wait_for_end() == 4001);
    CHECK(ChatClient{scene.server.port(), second}.wait_for_end() == 4001);
}

TEST_CASE("access: a sign-in that expires ends its session", "[access]") {
    Scene scene;
    // As if it had been made long ago: the token lives for two more seconds.
    const Result<void> shortened =
        scene.database.content().write("expiring", [&](ContentTransaction& tx) -> Result<void> {
            const auto id = tx.registry().take_ids(IdKind::token, 1);
            const auto user =
                tx.principals().find_name(PrincipalKind::user, name_key("user0@bench.example"));
            if (!id || !user || !*user)
                return fail(Errc::internal, "no user");
            Token token;
            token.id = TokenId{*id};
            token.uuid = make_uuid(SystemClock{}.now());
            token.secret_hash = sha256_hex("short");
            token.user = (*user)->id;
            token.created_at = 1;
            token.expires_at = SystemClock{}.now() + 2'000'000;
            return tx.tokens().insert(token);
        });
    REQUIRE(shortened.has_value());
    ChatClient ann{scene.server.port(), "short"};
    ann.wait_for("welcome");
    CHECK(ann.wait_for_end() == 4001);
}

TEST_CASE("access: a ticket opens one session", "[access]") {
    Scene scene;
    const HttpAnswer made = http(scene.server.port(), "POST", "/v1/tickets", scene.world.tokens[0]);
    REQUIRE(made.status == 201);
    const Json auth{{"type", "auth"}, {"id", "1"}, {"ticket", made.body["ticket"]}};
    ChatClient ann{scene.server.port(), ""};
    ann.send(auth);
    CHECK(ann.answer("1")["type"] == "ok");
    CHECK(ann.wait_for("welcome")["user"] == Scene::user_name(0));
    ChatClient again{scene.server.port(), ""};
    again.send(auth);
    CHECK(again.answer("1")["type"] == "err");
    CHECK(again.wait_for_end() == 4001);
    ChatClient silent{scene.server.port(), ""};
    silent.send({{"type", "ping"}, {"id", "1"}});
    CHECK(silent.wait_for_end() == 4001);
}
