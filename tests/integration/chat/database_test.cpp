// SPDX-License-Identifier: Apache-2.0
// The database goes away under a server that chats, and comes back.
#include "tests/integration/chat/scene.h"
#include "tests/support/postgres.h"

#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

/// PostgreSQL and all its processes stand still, and go on at the end.
class Frozen {
public:
    explicit Frozen(const Postgres& server) {
        std::ifstream file{server.data() / "postmaster.pid"};
        pid_t first = 0;
        file >> first;
        const std::string number = std::to_string(first);
        ::kill(first, SIGSTOP);  // it starts no more of them
        processes_.push_back(first);
        std::ifstream children{"/proc/" + number + "/task/" + number + "/children"};
        std::copy(
            std::istream_iterator<pid_t>{children},
            std::istream_iterator<pid_t>{},
            std::back_inserter(processes_)
        );
        for (const pid_t process : processes_)
            ::kill(process, SIGSTOP);
    }
    ~Frozen() {
        for (const pid_t process : processes_)
            ::kill(process, SIGCONT);
    }
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

private:
    std::vector<pid_t> processes_;
};

/// Asks /readyz until it says so.
bool becomes(const Scene& scene, int status) {
    const auto deadline = Steady::now() + 40s;
    while (Steady::now() < deadline) {
        if (http(scene.server.port(), "GET", "/readyz").status == status)
            return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

/// Sends with the same key until it is taken.
std::int64_t insist(ChatClient& client, const std::string& room, const std::string& key) {
    const auto deadline = Steady::now() + 60s;
    while (Steady::now() < deadline) {
        const Json done = client.ask(send_request("", room, key, "text"));
        if (done["type"] == "ok")
            return done["seq"];
        CHECK(done["code"] == "database-unavailable");
    }
    return 0;
}

void check_outage(
    Scene& scene, const std::function<void()>& end_outage, ChatClient& ann, ChatClient& bob
) {
    const std::string& room = scene.room(0);
    const auto asked = Steady::now();
    for (const char* key : {"b", "c"})
        ann.send(send_request(key, room, key, "text"));
    for (const char* key : {"b", "c"}) {
        const Json refused = ann.answer(key);
        CHECK(refused["code"] == "database-unavailable");
    }
    CHECK(Steady::now() - asked < 12s);
    CHECK(becomes(scene, 503));
    CHECK(http(scene.server.port(), "GET", "/healthz").status == 200);
    end_outage();
    const std::int64_t b = insist(ann, room, "b");
    CHECK(insist(ann, room, "c") > b);
    CHECK(becomes(scene, 200));
    // Nothing doubled, nothing skipped, for who listened all the time.
    const std::int64_t last = ann.post(room, "d", "text");
    for (std::int64_t seq = 1; seq < last;)
        CHECK(bob.wait_for("msg")["seq"] == ++seq);
    CHECK(last == 4);
}

}  // namespace

TEST_CASE("database: frozen, then on again", "[database]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    ann.join(scene.room(0));
    REQUIRE(ann.post(scene.room(0), "a", "text") == 1);
    bob.join(scene.room(0), 1);
    auto frozen = std::make_unique<Frozen>(*postgres);
    check_outage(
        scene, [&] { frozen.reset(); }, ann, bob
    );
}

TEST_CASE("database: while it is frozen readers get an answer in time", "[database]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    const std::string& room = scene.room(0);
    ChatClient ann = scene.client(0);
    ann.join(room);
    for (int i = 0; i < 60; ++i)
        ann.post(room, std::to_string(i), "text");
    auto frozen = std::make_unique<Frozen>(*postgres);
    const auto begun = Steady::now();
    // From memory, as if nothing were.
    CHECK(ann.ask({{"type", "history"}, {"room", room}, {"limit", 5}})["messages"].size() == 5);
    CHECK(Steady::now() - begun < 2s);
    // More at once than there are sessions: none of them waits for others that wait.
    constexpr int readers = 30;
    for (int i = 0; i < readers; ++i)
        ann.send({{"type", "search"}, {"id", std::to_string(i)}, {"text", "text"}, {"limit", 5}});
    for (int i = 0; i < readers; ++i)
        CHECK(ann.answer(std::to_string(i))["code"] == "database-unavailable");
    CHECK(Steady::now() - begun < 40s);
    const auto again = Steady::now();
    const HttpAnswer refused = http(
        scene.server.port(),
        "GET",
        "/v1/rooms/" + room + "/messages?before=5",
        scene.world.tokens[0]
    );
    CHECK(refused.status == 503);
    CHECK(refused.body["error"]["code"] == "database-unavailable");
    CHECK(Steady::now() - again < 12s);
    frozen.reset();
    CHECK(becomes(scene, 200));
    const auto back = Steady::now() + 20s;
    Json page;
    do
        page = ann.ask({{"type", "history"}, {"room", room}, {"before", 6}, {"limit", 50}});
    while (page["type"] != "ok" && Steady::now() < back);
    CHECK(page["messages"].size() == 5);
    CHECK(ann.post(room, "last", "text") == 61);
}

TEST_CASE("database: killed, then started again", "[database]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    ann.join(scene.room(0));
    REQUIRE(ann.post(scene.room(0), "a", "text") == 1);
    bob.join(scene.room(0), 1);
    postgres->kill9();
    check_outage(
        scene, [&] { postgres->start(); }, ann, bob
    );
}

TEST_CASE("database: a token that cannot be checked is not called a bad one", "[database]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    ChatClient known = scene.client(0);
    postgres->kill9();
    CHECK(ChatClient{scene.server.port(), scene.world.tokens[1]}.wait_for_end() == 1011);
    ChatClient again = scene.client(0);  // remembered
    postgres->start();
}

TEST_CASE("database: a server whose database is frozen ends all the same", "[database]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    const Frozen frozen{*postgres};
    ann.send(send_request("1", scene.room(0), "a", "text"));
    scene.server.signal(SIGTERM);
    CHECK(ann.wait_for("moved")["reason"] == "shutdown");
    // In order, before the alarm that would end it otherwise.
    CHECK(scene.server.wait(29s) == 0);
}

TEST_CASE("database: one bad message does not take others with it", "[database]") {
    if (Postgres::shared() == nullptr)
        return;
    Scene scene{3, {}, "postgresql"};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    // A room whose row goes behind the server's back, as no rule foresees it.
    const Result<void> torn =
        scene.database.content().write("tearing", [&](ContentTransaction& tx) -> Result<void> {
            const auto room = tx.rooms().find_uuid(scene.room(1));
            if (!room || !*room)
                return fail(Errc::internal, "no room");
            if (Result<void> removed = tx.rooms().remove((*room)->id, 1); !removed)
                return removed;
            return tx.rooms().purge((*room)->id);
        });
    REQUIRE(torn.has_value());
    Json refused;
    ann.send({{"type", "join"}, {"id", "j"}, {"room", scene.room(1)}});
    ann.answer("j");
    for (int i = 0; i < 20; ++i)
        ann.send(send_request(std::to_string(i), scene.room(0), std::to_string(i), "text"));
    CHECK(
        http(
            scene.server.port(),
            "POST",
            "/v1/rooms/" + scene.room(1) + "/messages",
            scene.world.tokens[1],
            {{"body", "into nothing"}}
        ).status == 404
    );
    for (int i = 0; i < 20; ++i)
        CHECK(ann.answer(std::to_string(i))["type"] == "ok");
}
