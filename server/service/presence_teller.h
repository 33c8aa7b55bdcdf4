// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"
#include "server/service/open_sessions.h"
#include "server/service/presence_reader.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace pchat {

/// Tells the other servers of the pool who is connected here and in which rooms: in tables that
/// they read when they begin to count this server, and in its log, which they follow. While there
/// is no other server, nobody is told and nothing is noted.
///
/// What was written is remembered; a difference to what is true now is written by the next tell(),
/// whatever became of the one before.
class PresenceTeller {
public:
    PresenceTeller(Chat& chat, OpenSessions& sessions) : chat_(chat), sessions_(sessions) {}

    /// Who belongs to the pool now; from any thread.
    void called(const Roll& roll);
    /// Waits. Called by a clock.
    Result<void> tell();
    /// Waits. At an orderly end: nobody is here any more.
    Result<void> end();

    // Of people in rooms and of sessions, since this server began; from any thread.
    [[nodiscard]] std::uint64_t told() const { return told_count_; }
    [[nodiscard]] std::size_t untold() const { return untold_count_; }

    static constexpr std::size_t portion = 2'000;  // rows of one transaction

private:
    struct PendingSession {
        std::optional<OpenSession> open;  // none: it has ended
        SessionId id;                     // of its row, once it has one
        bool uncertain = false;
    };
    /// Rows that go together, and the differences that they settle.
    struct Portion {
        std::vector<Participant> joins;
        std::vector<Participant> parts;
        std::vector<Connection> connects;
        std::vector<SessionId> disconnects;
        PresenceNews news;
        std::vector<RoomBook::Visit> visits;
        std::vector<std::string> sessions;
    };

    void begin();
    void fall_silent();
    void gather();
    void note(const OpenSession& session, bool open);
    void count_untold();
    Result<void> tell_portion();
    void add_visits(Portion& out);
    Result<void> add_sessions(Portion& out);
    Result<void> write(const Portion& what, LogNews& logged);
    void settle(const Portion& what);
    Result<SessionId> take_id();

    [[nodiscard]] bool was_told(const RoomBook::Visit& visit) const;

    Chat& chat_;
    OpenSessions& sessions_;
    std::atomic<bool> wanted_{false};
    Microseconds alone_since_ = 0;  // the follower's own; 0: not alone

    bool left_something_ = true;  // rows of this server may be there that nobody is told of
    bool telling_ = false;
    bool owes_begin_ = false;
    std::map<RoomBook::Visit, bool> pending_;  // whether its row may be there or not
    std::unordered_map<RoomId, std::vector<PrincipalId>> told_;  // in order
    std::map<std::string, PendingSession> pending_sessions_;
    std::unordered_map<std::string, SessionId> told_sessions_;
    std::atomic<std::uint64_t> told_count_{0};
    std::atomic<std::size_t> untold_count_{0};
    std::int64_t next_id_ = 0;
    std::int64_t last_id_ = -1;
};

}  // namespace pchat
