// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/commit_queue.h"
#include "server/service/touched.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/memory/content_database.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace pchat::test {

using namespace std::chrono_literals;

inline constexpr RoomId lobby{1};
inline constexpr RoomId annex{2};
inline constexpr PrincipalId ann{1};

/// A server in the registry, two rooms, and a queue whose outcomes are kept.
class Rig : public CommitListener {
public:
    explicit Rig(bool compliance = false) : compliance_(compliance) {
        REQUIRE_OK(memory_->write("furnishing", [&](ContentTransaction& tx) -> Result<void> {
            Enrolment self;
            self.id = ServerId{1};
            self.uuid = "00000000-0000-7000-8000-000000000001";
            self.fqdn = "pc1.contoso.example";
            self.lifetime = 1'000'000'000;
            const auto server = tx.registry().enrol(self);
            if (!server)
                return pass(server.error());
            life = {server->id, server->epoch};
            Category category;
            category.id = CategoryId{1};
            category.uuid = "00000000-0000-7000-8000-000000000002";
            category.name = "Research";
            if (Result<void> made = tx.categories().insert(category); !made)
                return made;
            for (const auto& [id, name] : {std::pair{lobby, "Lobby"}, std::pair{annex, "Annex"}}) {
                Room room;
                room.id = id;
                room.uuid = std::string{"00000000-0000-7000-8000-00000000001"} + name[0];
                room.category = category.id;
                room.name = name;
                if (Result<void> made = tx.rooms().insert(room); !made)
                    return made;
            }
            return {};
        }));
    }

    void start() {
        CommitLimits limits;
        limits.pause = 1ms;
        limits.waiting = waiting;
        queue = std::make_unique<CommitQueue>(content, life, clock, *this, limits);
    }

    Posting posting(RoomId room, const std::string& key, const std::string& body) {
        Posting out;
        out.message.room = room;
        out.message.sender = ann;
        out.message.body = body;
        out.key_hash = key_hash(key);
        out.content_hash = content_hash(out.message);
        out.generation = 1;
        out.deadline = clock.steady() + patience;
        out.done = [this, key](const Result<Posted>& posted) {
            const std::lock_guard lock{mutex_};
            outcomes_.emplace(key, posted);
            changed_.notify_all();
        };
        return out;
    }
    void push(RoomId room, const std::string& key, const std::string& body) {
        REQUIRE_OK(queue->push(posting(room, key, body)));
    }
    /// Waits for the answer to the n-th message with that key.
    Result<Posted> outcome(const std::string& key, std::size_t n = 1) {
        std::unique_lock lock{mutex_};
        REQUIRE(changed_.wait_for(lock, 20s, [&] { return outcomes_.count(key) >= n; }));
        return std::next(outcomes_.lower_bound(key), static_cast<std::ptrdiff_t>(n - 1))->second;
    }
    std::vector<std::string> stored(RoomId room) {
        std::vector<std::string> out;
        REQUIRE_OK(memory_->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.messages().after(room, 0, 1000);
            if (!found)
                return pass(found.error());
            for (const Message& message : *found)
                out.push_back(std::to_string(message.seq) + " " + message.body);
            return {};
        }));
        return out;
    }
    std::vector<OutboxEntry> outbox() {
        std::vector<OutboxEntry> out;
        REQUIRE_OK(memory_->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.log().outbox(life.server, 1000);
            if (!found)
                return pass(found.error());
            out = *found;
            return {};
        }));
        return out;
    }
    ContentDatabase& memory() { return *memory_; }

    Result<void> still_allowed(const Posting& posting) override {
        return posting.message.body == "forbidden"
                   ? Result<void>{fail_as("not-allowed", Errc::denied, "no more")}
                   : Result<void>{};
    }
    std::uint64_t generation() const override { return generation_; }
    bool records() const override { return compliance_; }
    std::string record(const Posting& posting, std::int64_t seq, Microseconds) override {
        return std::to_string(seq) + posting.message.body;
    }
    void committed(std::span<const Committed> messages, const LogNews& entry) override {
        entries.push_back(entry);
        for (const Committed& one : messages)
            delivered.push_back(std::to_string(one.seq) + " " + one.posting->message.body);
    }
    void timed(std::chrono::nanoseconds, std::size_t) override {}
    void fenced() override { was_fenced = true; }

    std::vector<LogNews> entries;
    std::vector<std::string> delivered;  // read after the queue has stopped
    bool was_fenced = false;
    std::atomic<std::uint64_t> generation_ = 1;
    std::chrono::milliseconds patience = 20s;
    std::size_t waiting = CommitLimits{}.waiting;
    Life life;
    SystemClock clock;

private:
    std::unique_ptr<ContentDatabase> memory_ = memory_content();
    bool compliance_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::string, Result<Posted>> outcomes_;

public:
    FaultyContent content{*memory_};
    std::unique_ptr<CommitQueue> queue;
};

using Texts = std::vector<std::string>;

}  // namespace pchat::test
