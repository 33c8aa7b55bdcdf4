// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"
#include "server/service/keyword_watch.h"
#include "server/service/log_reader.h"
#include "server/service/presence_reader.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace pchat {

/// Puts into force here what the other servers of the pool did, as their logs tell: messages, what
/// became of older ones, and every change of what people may do. The database is the truth;
/// whatever is quicker than this may lose anything. For one thread that may wait.
class PoolFollower {
public:
    using Roll = pchat::Roll;

    explicit PoolFollower(ServerId self) : logs_(self), presence_(self) {}

    /// Before anything is read into memory: what is written from now on is followed.
    Result<void> begin(ContentDatabase& content);
    void attach(Chat& chat, KeywordWatches& watches);
    /// Is told with every look who belongs to the pool, by the database's clock. Once, before that.
    void on_roll(std::function<void(const Roll&)> tell) { tell_roll_ = std::move(tell); }
    /// Once; what could not be done is done by the next one.
    Result<void> follow();
    /// The same with an entry that came another way, if it is the next one of its server; if
    /// something before it is missing, follow() has to read that.
    Result<LogReader::Place> follow(ServerId server, const LogNews& entry);
    /// Messages of the room up to that one, of whatever server, are still to be shown here.
    void owe(RoomId room, std::int64_t last);
    /// Whether something is left over: for what is under way here, messages of our own into the
    /// same rooms or a change, or of who is where. Then go_on() brings it, which reads no log.
    [[nodiscard]] bool waits() const { return waits_; }
    Result<void> go_on() { return act(); }
    /// Entries that could not be read, since this server began; from any thread.
    [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

private:
    /// What the entries together come to.
    struct News {
        Touched touched;
        std::map<RoomId, Head> heads;  // with all messages since the last look
        bool lost = false;             // something else may have happened too

        void add(const LogBody& body);
        void add(const Head& head);
    };

    Result<void> read_logs();
    Result<void> act();
    Result<void> apply_changes();
    Result<void> tell_changes();
    Result<void> revise(RoomId room);
    /// False when that has to wait.
    Result<bool> hear(const Head& head);
    Result<void> read_all_again();

    LogReader logs_;
    Chat* chat_ = nullptr;
    KeywordWatches* watches_ = nullptr;
    std::function<void(const Roll&)> tell_roll_ = [](const Roll&) {};
    News news_;  // not in force yet
    bool waits_ = false;
    std::atomic<std::uint64_t> unreadable_{0};
    PresenceReader presence_;
};

}  // namespace pchat
