// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/api/histogram.h"
#include "server/api/notices.h"
#include "server/api/shard.h"
#include "server/net/io_pool.h"
#include "server/net/ws_frame.h"
#include "server/service/chat.h"
#include "server/service/keyword_watch.h"
#include "server/service/open_sessions.h"
#include "server/service/session_limit.h"
#include "server/service/session_list.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pchat::api {

struct HubCounts {
    std::atomic<std::uint64_t> deliveries{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> rate_limited{0};
    std::atomic<std::uint64_t> joins{0};
    std::atomic<std::uint64_t> looked_again{0};  // sessions, at what they may
    Histogram commit;                            // of a transaction
    Histogram fan_out;                           // from the commit to the last write of a thread
    Histogram answer;                            // of a request
};

/// The sessions of this server, spread over the threads that they live on, and what reaches them.
class Hub : public Audience, public OpenSessions {
public:
    Hub(net::IoPool& pool, HubLimits limits);
    ~Hub() override;

    /// Once, before anything is delivered.
    void attach(Chat& chat, SignIns& sign_ins);

    Shard& shard(std::size_t thread) { return *shards_[thread]; }
    HubCounts& counts() { return counts_; }
    KeywordWatches& watches() { return watches_; }
    [[nodiscard]] std::size_t sessions() const { return sessions_; }
    /// Why somebody who comes is sent elsewhere.
    struct Turned {
        wire::MovedEvent::Reason reason = wire::MovedEvent::Reason::full;
        std::string why;
        std::vector<std::string> servers;
    };
    /// Nothing when it may stay.
    std::optional<Turned> count_session();
    /// How many there may be here now.
    [[nodiscard]] std::int64_t most_sessions() const { return limit_now(0).most_here(); }
    void session_ended() { --sessions_; }

    /// Whether the user sends no more than one may, over all sessions.
    Result<void> may_send(PrincipalId user);

    /// Tells all rooms who came and went, by way of whichever server; called by a clock.
    void tell_rosters();
    /// Asks sessions to go elsewhere, each with its own order of servers: at most so many of
    /// those that were not asked in this round yet. Does not wait; always by the same thread.
    void ask_to_move(wire::MovedEvent::Reason reason, std::uint32_t round, std::size_t most);
    /// The same, all of them; returns when they were asked.
    void ask_all_to_move(wire::MovedEvent::Reason reason);
    void close_all(ws::CloseCode code, std::string_view reason);
    /// Returns when every thread has done what it had been given.
    void wait_for_threads() {
        everywhere([](Shard&) {});
    }
    // For lists; all wait for every thread.
    std::vector<SessionFacts> list();
    /// The first `limit` of those behind that place, and maybe more, in any order.
    std::vector<SessionFacts> list(const SessionPlace& after, std::size_t limit);
    std::vector<SessionFacts> list(PrincipalId user);
    /// Somebody has signed in, or is gone.
    void note_session(const ChatSession& session, bool open);
    void note_sessions(bool on) override;
    std::vector<Turn> take_noted() override;
    std::vector<OpenSession> all_open() override;

    void remember(std::span<const Committed> messages) override;
    void committed(std::span<const Committed> messages, const LogNews& entry) override;
    void said_elsewhere(RoomId room, std::int64_t after, std::vector<Message> messages) override;
    void heard(RoomId room, std::vector<Remembered> messages) override;
    void heard(std::vector<Told> told) override;
    void changed(RoomId room, std::int64_t rev, const std::vector<Message>& messages) override;
    void cleared(RoomId room, std::int64_t rev, std::int64_t first) override;
    void invited(const std::vector<Invitation>& invitations) override;
    void obey(const Touched& touched) override;
    void timed(std::chrono::nanoseconds took, std::size_t messages) override;
    void fenced() override;
    void on_fenced(std::function<void()> act) { on_fenced_ = std::move(act); }

private:
    /// Runs on every thread and returns when it has run everywhere. Never from one of them.
    void everywhere(const std::function<void(Shard&)>& work);
    void heed_topology();
    [[nodiscard]] SessionLimit limit_now(std::int64_t here) const;
    [[nodiscard]] std::string moved_text(wire::MovedEvent::Reason reason) const;
    static net::SharedBytes frame_of(std::string_view text);
    /// One frame for everybody in the room.
    void deliver(RoomId room, std::string_view text);

    struct RosterChange;
    RosterChange take_roster_change(RoomId room, std::size_t limit);
    std::size_t count_everybody(RoomId room, const RosterChange& change, std::size_t limit);
    void tell_roster(RoomId room, std::size_t limit, std::chrono::steady_clock::time_point now);

    net::IoPool& pool_;
    HubLimits limits_;
    Chat* chat_ = nullptr;
    SignIns* sign_ins_ = nullptr;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::atomic<std::size_t> sessions_{0};
    std::atomic<std::int64_t> planned_sessions_{0};  // of the whole pool; 0: not planned
    std::size_t asked_to_move_ = 0;                  // times
    HubCounts counts_;
    KeywordWatches watches_;
    NoticeMemory notices_;
    struct Fresh;
    /// Takes a message into what is remembered and `fresh`, unless it is known already. The lock on
    /// publishing is held. No text: it is shown once what stands between it and `after` is known,
    /// by who reads the database.
    SharedText add(
        Fresh& fresh,
        const DirectoryState& state,
        const KnownRoom& room,
        const Message& message,
        std::int64_t after
    );
    /// Messages of one room, all that still exist above `after`.
    void add_all(
        Fresh& fresh, RoomId room, const std::vector<Message>& messages, std::int64_t after
    );
    /// What other servers have said in the room before that message, which we have not heard of.
    struct Missing {
        std::int64_t after = 0;
        std::int64_t before = 0;
        std::vector<Message> messages;
    };
    /// Waits for the database. Nothing when nothing is missing, and when it cannot be read now, or
    /// is too much.
    std::optional<Missing> read_missing(RoomId room, std::int64_t before);
    /// As they are remembered; what is not known here yet goes to who is in the room.
    void add_text(Fresh& fresh, const KnownRoom& room, Remembered message);
    void publish(std::shared_ptr<Fresh> made);
    void tell_peers(const Fresh& fresh, const LogNews& entry);

    // Held from when a message is remembered until all threads have been given it: so that each of
    // them gets the messages of a room in their order, whoever brings them.
    std::mutex publishing_;
    std::unique_lock<std::mutex> writer_publishes_{publishing_, std::defer_lock};
    std::shared_ptr<Fresh> remembered_;  // not delivered yet; the writer's own
    Guarded<std::unordered_map<PrincipalId, Bucket>> senders_;
    std::function<void()> on_fenced_;

    // The clock's own: rooms with too many to name them, when they were told how many, and those
    // that are to be told once a second has passed.
    std::unordered_map<RoomId, std::chrono::steady_clock::time_point> counted_;
    std::unordered_set<RoomId> owed_;

    std::atomic<bool> notes_sessions_{false};
    Guarded<std::vector<Turn>> noted_sessions_;
};

}  // namespace pchat::api
