// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "server/service/peers.h"
#include "server/service/posting.h"
#include "server/store/content_database.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace pchat {

/// This life of this server, as the registry gave it.
struct Life {
    ServerId server;
    std::int64_t epoch = 0;
};

/// A message that is in the database now.
struct Committed {
    Posting* posting = nullptr;
    std::int64_t seq = 0;
    Microseconds at = 0;
};

/// Who is told of what was committed, in the order of commits. Called on the writer's thread.
class CommitListener {
public:
    virtual ~CommitListener() = default;
    /// Whether it may still be sent: asked when the directory changed since it was let in.
    virtual Result<void> still_allowed(const Posting& posting) = 0;
    virtual std::uint64_t generation() const = 0;
    /// Whether compliance is on, and what it sees of a message.
    virtual bool records() const = 0;
    virtual std::string record(const Posting& posting, std::int64_t seq, Microseconds at) = 0;
    /// Before anybody is answered: who has an answer must find the message in what is remembered.
    virtual void remember(std::span<const Committed> /*messages*/) {}
    /// After the answers: nobody gets its own message before the answer to it.
    virtual void committed(std::span<const Committed> messages, const LogNews& entry) = 0;
    /// The same for an entry without messages of its own; n is 0 when nothing was written.
    virtual void logged(const LogNews& /*entry*/) {}
    /// How long a transaction took that was committed, and how many messages it held.
    virtual void timed(std::chrono::nanoseconds took, std::size_t messages) = 0;
    /// Another server took this one's place: nothing can be written any more.
    virtual void fenced() = 0;
};

struct CommitLimits {
    std::size_t waiting = 20'000;  // beyond: refused at once
    std::size_t group = 512;       // messages in one transaction
    std::size_t group_bytes = 2 * 1024 * 1024;
    std::chrono::milliseconds pause{100};  // between two tries at a database that is away
};

struct CommitCounts {
    std::uint64_t groups = 0;
    std::uint64_t messages = 0;
    std::uint64_t retries = 0;
    std::uint64_t splits = 0;
    std::uint64_t failed = 0;
    std::size_t waiting = 0;
    bool database_away = false;
};

/// The one writer of messages. What has gathered while a transaction ran goes into the next one.
/// A message that cannot be stored fails alone; when the database is away, all wait until their
/// deadlines. What compliance must see has none once it has happened.
class CommitQueue {
public:
    CommitQueue(
        ContentDatabase& content,
        Life life,
        const Clock& clock,
        CommitListener& listener,
        CommitLimits limits = {}
    );
    ~CommitQueue();  // what waits still is settled first
    CommitQueue(const CommitQueue&) = delete;
    CommitQueue& operator=(const CommitQueue&) = delete;

    /// Takes it; or fails at once and never calls done.
    Result<void> push(Posting posting);
    Result<void> push(Recording recording);
    [[nodiscard]] CommitCounts counts() const;
    /// Messages of the room are being stored: of what the database shows, those from this number on
    /// may be ours, and neither their senders nor the listener know of it yet.
    static constexpr std::int64_t none_stored = std::numeric_limits<std::int64_t>::max();
    [[nodiscard]] std::int64_t first_storing(RoomId room) const;
    /// Answers whose deadlines have passed, even while a transaction hangs. Called by a clock.
    void refuse_late();
    /// Takes no more messages; returns once those that it has are settled.
    void stop_messages();
    /// Returns once nothing waits, or the database does not take it.
    void wait_until_idle();
    /// Settles what waits, within its deadlines; takes nothing more.
    void stop();

private:
    struct Group;
    void run();
    bool take();
    void settle_taken();
    void settle(Group group);
    Result<void> commit(Group& group);
    Result<void> write(ContentTransaction& tx, Group& group);
    void recheck(Group& group);
    void recheck_open(Group& group);
    Result<void> recheck(Posting& posting);
    void finish(Group& group);
    bool wait_for_database(Group& group, const Error& error);
    /// Once: whoever was refused as too late hears no more. False then.
    void answer(Posting& posting, const Result<Posted>& posted);
    bool answer(Recording& recording, const Result<void>& done);
    void fail_all(Group& group, const Error& error);
    void fail_room(Group& group, RoomId room);
    [[nodiscard]] bool is_refused(const Posting& posting) const;
    [[nodiscard]] bool is_refused(const Recording& recording) const;

    ContentDatabase& content_;
    Life life_;
    const Clock& clock_;
    CommitListener& listener_;
    CommitLimits limits_;

    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable emptied_;
    std::vector<Posting> postings_;
    std::vector<Recording> recordings_;
    // The writer's; of these the mutex guards `done` and the lists themselves.
    std::vector<Posting> taken_postings_;
    std::vector<Recording> taken_recordings_;
    std::size_t looks_left_ = 0;  // transactions that look for keys before they write
    bool messages_stopped_ = false;
    bool stopping_ = false;
    std::size_t under_way_ = 0;
    // Of the last transaction, until it is settled: the first number that any try gave in a room.
    Guarded<std::map<RoomId, std::int64_t>> storing_;

    std::atomic<std::uint64_t> groups_{0}, messages_{0}, retries_{0}, splits_{0}, failed_{0};
    std::atomic<bool> away_{false};
    std::thread writer_;  // last: it uses all of the above
};

}  // namespace pchat
