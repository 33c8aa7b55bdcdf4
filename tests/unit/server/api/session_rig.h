// SPDX-License-Identifier: Apache-2.0
#pragma once
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
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pchat::test {

/// Keeps what a session sends.
class FakeSocket : public net::WebSocket {
public:
    using Json = nlohmann::json;

    explicit FakeSocket(net::IoThread& thread) : thread_(thread) {}

    net::IoThread& thread() override { return thread_; }
    void send(const net::Frame& frame) override {
        const std::string& bytes = frame.bytes();
        {
            const std::lock_guard lock{mutex_};
            sent_.push_back(Json::parse(bytes.substr(bytes.find('{'))));
        }
        changed_.notify_all();
    }
    void close(ws::CloseCode /*code*/, std::string_view /*reason*/) override {}
    void pause() override {}
    void resume() override {}
    [[nodiscard]] std::size_t queued_bytes() const override { return 0; }
    [[nodiscard]] std::string_view peer() const override { return "192.0.2.7"; }

    /// The first one that has this field, once it has been sent.
    Json wait_for(const std::string& field, const std::string& value) {
        std::unique_lock lock{mutex_};
        Json out;
        changed_.wait(lock, [&] {
            for (const Json& one : sent_)
                if (one.value(field, "") == value)
                    out = one;
            return !out.is_null();
        });
        return out;
    }
    std::size_t count(const std::string& type) {
        const std::lock_guard lock{mutex_};
        std::size_t out = 0;
        for (const Json& one : sent_)
            out += one.value("type", "") == type ? 1U : 0U;
        return out;
    }

private:
    net::IoThread& thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Json> sent_;
};

/// A chat and its sessions, over a database that is kept in sight.
struct SessionRig {
    net::IoPool pool;
    api::Hub hub{pool, {}};
    StillClock sight_clock;
    ChatWorld world{
        &hub, std::make_unique<SightedContent>(memory_content(), "database", sight_clock)};
    SignIns sign_ins{*world.content, world.directory, world.clock};

    explicit SessionRig(std::size_t threads = 1) : pool(threads) {
        world.encode = [this](const Message& message) { return encoded(message); };
        hub.attach(*world.chat, sign_ins);
        pool.start();
    }
    ~SessionRig() {
        world.workers.stop();
        world.chat->stop_posting();
        pool.stop();
    }
    SessionRig(const SessionRig&) = delete;
    SessionRig& operator=(const SessionRig&) = delete;

    std::string encoded(const Message& message) {
        return world.directory.read([&](const DirectoryState& state) {
            return api::message_text(state, message);
        });
    }
    void on_thread(std::size_t thread, const std::function<void()>& work) {
        std::promise<void> done;
        pool[thread].post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }
};

/// One session of one user.
class Visitor {
public:
    using Json = nlohmann::json;

    Visitor(SessionRig& rig, const std::string& name, std::size_t thread = 0)
        : rig_(rig), thread_(thread), socket_(rig.pool[thread]) {
        const auto issued = rig.sign_ins.issue(
            {rig.world.user(name), TokenKind::sign_in, "test", std::chrono::hours{1}, std::nullopt}
        );
        REQUIRE_OK(issued);
        REQUIRE_FALSE(rig.hub.count_session());
        rig.on_thread(thread, [&] {
            session_ = std::make_unique<api::ChatSession>(
                rig.hub.shard(thread_), Secret{std::string{issued->secret.reveal()}}
            );
            session_->opened(socket_);
        });
    }
    ~Visitor() {
        rig_.on_thread(thread_, [&] {
            session_->closed(ws::CloseCode::none);
            session_.reset();
        });
    }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    FakeSocket& socket() { return socket_; }
    Json join(const std::string& id, std::int64_t since) {
        const Json request{{"type", "join"}, {"id", id}, {"room", "Lobby"}, {"since", since}};
        rig_.on_thread(thread_, [&] { session_->text(request.dump()); });
        return socket_.wait_for("id", id);
    }

private:
    SessionRig& rig_;
    const std::size_t thread_;
    FakeSocket socket_;
    std::unique_ptr<api::ChatSession> session_;
};

}  // namespace pchat::test
