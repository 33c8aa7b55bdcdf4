// SPDX-License-Identifier: Apache-2.0
#include "server/api/chat_session.h"
#include "server/api/hub.h"
#include "server/api/wire_names.h"
#include "server/net/io_pool.h"
#include "server/service/database_sight.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace pchat;
using namespace std::chrono_literals;
using nlohmann::json;
using test::ChatWorld;

namespace {

/// Keeps what a session sends.
class FakeSocket : public net::WebSocket {
public:
    explicit FakeSocket(net::IoThread& thread) : thread_(thread) {}

    net::IoThread& thread() override { return thread_; }
    void send(const net::Frame& frame) override {
        const std::string& bytes = frame.bytes();
        {
            const std::lock_guard lock{mutex_};
            sent_.push_back(json::parse(bytes.substr(bytes.find('{'))));
        }
        changed_.notify_all();
    }
    void close(ws::CloseCode /*code*/, std::string_view /*reason*/) override {}
    void pause() override {}
    void resume() override {}
    [[nodiscard]] std::size_t queued_bytes() const override { return 0; }
    [[nodiscard]] std::string_view peer() const override { return "192.0.2.7"; }

    json answer_to(const std::string& id) {
        std::unique_lock lock{mutex_};
        json out;
        changed_.wait(lock, [&] {
            for (const json& one : sent_)
                if (one.value("id", "") == id)
                    out = one;
            return !out.is_null();
        });
        return out;
    }

private:
    net::IoThread& thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<json> sent_;
};

/// A chat with one thread of sessions over a database that is kept in sight.
struct Rig {
    net::IoPool pool{1};
    api::Hub hub{pool, {}};
    test::StillClock sight_clock;
    ChatWorld world{
        &hub, std::make_unique<SightedContent>(test::memory_content(), "database", sight_clock)};
    SignIns sign_ins{*world.content, world.directory, world.clock};

    Rig() {
        world.encode = [this](const Message& message) { return encoded(message); };
        hub.attach(*world.chat, sign_ins);
        pool.start();
    }
    ~Rig() {
        world.workers.stop();
        world.chat->stop_posting();
        pool.stop();
    }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    std::string encoded(const Message& message) {
        return world.directory.read([&](const DirectoryState& state) {
            return api::message_text(state, message);
        });
    }
    template <class F>
    void on_thread(const F& work) {
        std::promise<void> done;
        pool[0].post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }
};

/// One session of one user.
class Visitor {
public:
    Visitor(Rig& rig, const std::string& name) : rig_(rig), socket_(rig.pool[0]) {
        const auto issued = rig.sign_ins.issue(
            {rig.world.user(name), TokenKind::sign_in, "test", std::chrono::hours{1}, std::nullopt}
        );
        REQUIRE_OK(issued);
        rig.on_thread([&] {
            session_ = std::make_unique<api::ChatSession>(
                rig.hub.shard(0), Secret{std::string{issued->secret.reveal()}}
            );
            session_->opened(socket_);
        });
    }
    ~Visitor() {
        rig_.on_thread([&] {
            session_->closed(ws::CloseCode::none);
            session_.reset();
        });
    }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    json join(const std::string& id, std::int64_t since) {
        const json request{{"type", "join"}, {"id", id}, {"room", "Lobby"}, {"since", since}};
        rig_.on_thread([&] { session_->text(request.dump()); });
        return socket_.answer_to(id);
    }

private:
    Rig& rig_;
    FakeSocket socket_;
    std::unique_ptr<api::ChatSession> session_;
};

std::size_t messages_in(const json& answer) {
    return answer.value("messages", json::array()).size();
}

}  // namespace

TEST_CASE("join: a silent database is no missing room", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    rig.world.post(ann, rig.world.room("Lobby", "General", {{ann}}), "hello");
    Visitor visitor{rig, "ann"};
    // The room is opened, and then nothing is heard for long.
    rig.world.encode = [&](const Message& message) {
        rig.sight_clock.pass(61s);
        return rig.encoded(message);
    };
    const json answer = visitor.join("1", 0);
    INFO(answer.dump());
    CHECK(answer.dump().find("database-unavailable") != std::string::npos);
    CHECK(answer.dump().find("room-not-found") == std::string::npos);
}

TEST_CASE("join: messages without history are for who was there", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    const PrincipalId bob = rig.world.user("bob");
    const PrincipalId eve = rig.world.user("eve");
    rig.world.category("Transit", {.allowed = {rig.world.everyone()}, .history = false});
    const RoomId room = rig.world.room("Lobby", "Transit", {{ann, bob, eve}});
    rig.world.post(ann, room, "before bob came");
    {
        Visitor visitor{rig, "bob"};
        const json first = visitor.join("1", 0);
        CHECK(messages_in(first) == 0);
        CHECK(first["gap"] == true);
        rig.world.post(ann, room, "while bob is here");
    }
    rig.world.post(ann, room, "while bob is away");
    const bool from_database = GENERATE(false, true);
    if (from_database)
        rig.world.book.with(room, [](LiveRoom& live) {
            while (live.recent.size() > 1)
                live.recent.pop_front();
        });
    Visitor again{rig, "bob"};
    const json missed = again.join("2", 1);
    INFO(missed.dump());
    CHECK(messages_in(missed) == 2);
    CHECK(missed["gap"] == false);
    Visitor stranger{rig, "eve"};
    const json nothing = stranger.join("3", 0);
    INFO(nothing.dump());
    CHECK(messages_in(nothing) == 0);
    CHECK(nothing["gap"] == true);
    CHECK(nothing["head"] == 3);
}

TEST_CASE("join: a server that has heard less than the reader asks the database", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    const RoomId room = rig.world.room("Lobby", "General", {{ann}});
    rig.world.post(ann, room, "known here");
    Visitor visitor{rig, "ann"};
    REQUIRE(visitor.join("1", 0)["head"] == 1);
    // Another server of the pool, at which the reader was, has stored one more.
    rig.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto head = tx.messages().raise({room, 1, 9, 1});
        if (!head)
            return pchat::pass(head.error());
        Message message;
        message.room = room;
        message.seq = head->last_seq;
        message.at = head->last_at;
        message.sender = ann;
        message.body = "elsewhere";
        return tx.messages().insert(std::vector{message});
    });
    const json nothing = visitor.join("2", 2);
    INFO(nothing.dump());
    CHECK(nothing["head"] == 2);
    CHECK(nothing["gap"] == false);
    CHECK(messages_in(nothing) == 0);
    // Of another history: there is no such message anywhere.
    const json strange = visitor.join("3", 3);
    INFO(strange.dump());
    CHECK(strange["head"] == 2);
    CHECK(strange["gap"] == true);
}
