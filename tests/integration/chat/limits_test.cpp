// SPDX-License-Identifier: Apache-2.0
// What one session, one user and one server let through.
#include "tests/integration/chat/scene.h"

#include <map>
#include <memory>

using namespace pchat;
using namespace pchat::test;

namespace {

ServerOptions limited(const std::string& limits) {
    ServerOptions out;
    out.limits = limits;
    return out;
}

/// Sends so many at once; how often each code came, "ok" among them.
std::map<std::string, int> send_at_once(ChatClient& client, const std::string& room, int count) {
    for (int i = 0; i < count; ++i)
        client.send(send_request(std::to_string(i), room, std::to_string(i), "text"));
    std::map<std::string, int> out;
    for (int i = 0; i < count; ++i) {
        const Json answer = client.answer(std::to_string(i));
        ++out[answer["type"] == "ok" ? "ok" : answer["code"].get<std::string>()];
    }
    return out;
}

}  // namespace

TEST_CASE("limits: a session that asks too often is refused, and goes on", "[limits]") {
    Scene scene{2, limited("ratePerSession: 1, burst: 10, ratePerUser: 100000")};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    auto outcome = send_at_once(ann, scene.room(0), 40);
    CHECK(outcome["ok"] >= 9);
    CHECK(outcome["rate-limited"] >= 20);
    CHECK(outcome["ok"] + outcome["rate-limited"] == 40);
    CHECK(ann.is_open());
}

TEST_CASE("limits: a user has no more by having two sessions", "[limits]") {
    Scene scene{2, limited("ratePerSession: 100000, burst: 10, ratePerUser: 1")};
    ChatClient first = scene.client(0);
    ChatClient second = scene.client(0);
    first.join(scene.room(0));
    second.join(scene.room(0));
    int ok = 0;
    for (ChatClient* client : {&first, &second})
        for (int i = 0; i < 30; ++i)
            if (client->ask(send_request(
                    "", scene.room(0), std::to_string(client == &first ? i : 100 + i), "text"
                ))["type"] == "ok")
                ++ok;
    CHECK(ok >= 10);
    CHECK(ok <= 40);  // both buckets together would let through 60
    // Nor by not having one at all.
    int refused = 0;
    for (int i = 0; i < 30; ++i) {
        const HttpAnswer answer = http(
            scene.server.port(),
            "POST",
            "/v1/rooms/" + scene.room(0) + "/messages",
            scene.world.tokens[0],
            {{"body", "text"}}
        );
        if (answer.status == 429 && answer.body["error"]["code"] == "rate-limited")
            ++refused;
    }
    CHECK(refused > 0);
}

TEST_CASE("limits: so many requests of a session may be under way", "[limits]") {
    Scene scene{
        2,
        limited("requestsInFlight: 3, ratePerSession: 100000, burst: 100000, ratePerUser: 100000")};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    auto outcome = send_at_once(ann, scene.room(0), 200);
    CHECK(outcome["ok"] >= 3);
    CHECK(outcome["too-many-in-flight"] > 0);
    CHECK(outcome["ok"] + outcome["too-many-in-flight"] == 200);
}

TEST_CASE("limits: a message may have so many characters", "[limits]") {
    Scene scene{2, limited("message: 10")};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    CHECK(ann.post(scene.room(0), "a", "0123456789") == 1);
    CHECK(ann.post(scene.room(0), "b", "äöüÄÖÜß€äö") == 2);  // characters, not bytes
    const Json refused = ann.ask(send_request("", scene.room(0), "c", "01234567890"));
    CHECK(refused["type"] == "err");
    CHECK(refused["field"] == "body");
    ann.send_text(std::string(20'000'000, 'x'));  // more than any frame may have
    CHECK(ann.wait_for_end() == 1009);
}

TEST_CASE(
    "limits: a full server sends people elsewhere and takes them when one has left", "[limits]"
) {
    Scene scene{4, limited("sessions: 2")};
    ChatClient ann = scene.client(0);
    auto bob = std::make_unique<ChatClient>(scene.client(1));
    ChatClient late{scene.server.port(), scene.world.tokens[2]};
    CHECK(late.wait_for("moved")["reason"] == "full");
    CHECK(late.wait_for_end() == 4013);
    bob->drop();
    // Its place is free once the server has seen the end.
    bool in = false;
    for (int tries = 0; tries < 10'000 && !in; ++tries) {
        ChatClient next{scene.server.port(), scene.world.tokens[2]};
        in = next.next().value()["type"] == "welcome";
    }
    CHECK(in);
    CHECK(ann.ask({{"type", "ping"}})["type"] == "ok");
}
