// SPDX-License-Identifier: Apache-2.0
// Coming back to a room in which others go on talking.
#include "tests/integration/chat/scene.h"
#include "tests/support/postgres.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr int returns = 100;
constexpr std::int64_t missed = 60;  // more than a server remembers: the database is asked
constexpr int heard_live = 20;       // of each visit
constexpr std::int64_t lead = 100;   // how far the speaker gets before the reader

/// Talks on, several messages in flight, while others listen.
class Speaker {
public:
    Speaker(ChatClient client, std::string room)
        : client_(std::move(client)), room_(std::move(room)), thread_([this] { talk(); }) {}
    ~Speaker() {
        stop_ = true;
        thread_.join();
    }
    Speaker(const Speaker&) = delete;
    Speaker& operator=(const Speaker&) = delete;

    void heard(std::int64_t seq) { heard_ = seq; }

private:
    void talk() {
        try {
            client_.join(room_);
            for (int i = 0; !stop_; ++i) {
                const std::string key = std::to_string(i);
                client_.send(send_request(key, room_, key, "text"));
                std::int64_t said = 0;
                if (i >= 8)
                    said = client_.answer(std::to_string(i - 8)).value("seq", 0);
                client_.kept().clear();
                while (!stop_ && said > heard_ + lead)
                    std::this_thread::yield();
            }
        } catch (const ChatClosed&) {
            return;  // the reader misses what is not said
        }
    }

    ChatClient client_;
    std::string room_;
    std::atomic<bool> stop_{false};
    std::atomic<std::int64_t> heard_{missed};
    std::thread thread_;
};

/// One session, which has everything up to `since`; how far it came.
std::int64_t visit(Scene& scene, Speaker& speaker, std::int64_t since) {
    ChatClient reader = scene.client(1);
    const Json page = reader.join(scene.room(0), since);
    INFO(page.dump());
    REQUIRE(page["type"] == "ok");
    CHECK(page["gap"] == false);
    CHECK(page["more"] == false);
    std::int64_t seen = since;
    for (const Json& message : page["messages"])
        REQUIRE(message["seq"] == ++seen);
    CHECK(page["head"] == seen);
    speaker.heard(seen);
    for (int i = 0; i < heard_live; ++i) {
        REQUIRE(reader.wait_for("msg")["seq"] == ++seen);
        speaker.heard(seen);
    }
    return seen;
}

void every_message_once(const std::string& engine) {
    Scene scene{2, {}, engine};
    fill_room(scene.database.content(), scene.world, 0, missed);
    Speaker speaker{scene.client(0), scene.room(0)};
    std::int64_t seen = missed;
    for (int i = 0; i < returns; ++i)
        seen = visit(scene, speaker, seen - missed);
}

}  // namespace

TEST_CASE("resume: every message once, whatever is said meanwhile, on SQLite", "[resume]") {
    every_message_once("sqlite");
}

TEST_CASE("resume: every message once, whatever is said meanwhile, on PostgreSQL", "[resume]") {
    if (Postgres::shared() != nullptr)
        every_message_once("postgresql");
}
