// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "server/service/commit_queue.h"
#include "server/service/directory.h"
#include "server/service/elsewhere.h"
#include "server/service/pool_view.h"
#include "server/service/room_book.h"
#include "server/service/sign_in.h"
#include "server/service/workers.h"
#include "server/store/content_database.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat {

/// What the administrator of the machine has set.
struct ServerFacts {
    std::string fqdn;
    std::string pool;
    std::string url;                   // of this machine, for clients
    std::vector<std::string> origins;  // of web pages that a cookie is taken from
    Life life;
    bool compliance = false;
    std::size_t message_limit = 8'000;  // code points
    std::size_t story_limit = 65'536;
    int search_limit = 999;
    std::chrono::milliseconds patience{5'000};  // of a sender, while the database is away
    std::chrono::seconds drain_time{600};       // how long people may stay, unless it is said
};

/// Everybody who listens by way of this server. Called on any thread.
class Audience {
public:
    virtual ~Audience() = default;
    /// Before the senders are answered, and after.
    virtual void remember(std::span<const Committed> /*messages*/) {}
    virtual void committed(std::span<const Committed> messages, const LogNews& entry) = 0;
    /// By way of other servers of the pool: messages of one room, rising; what is missing between
    /// them, and between `after` and the first, does not exist any more.
    virtual void said_elsewhere(RoomId room, std::int64_t after, std::vector<Message> messages) = 0;
    /// The same from a quicker source that may lose some: what does not follow on what is known
    /// here is left to the other way.
    virtual void heard(RoomId room, std::vector<Remembered> messages) = 0;
    virtual void heard(std::vector<Told> told) = 0;
    /// Who was removed or replaced, by numbers; `replacement` empty: removed.
    virtual void changed(RoomId room, std::int64_t rev, const std::vector<Message>& messages) = 0;
    virtual void cleared(RoomId room, std::int64_t rev, std::int64_t first) = 0;
    virtual void invited(const std::vector<Invitation>& invitations) = 0;
    /// Returns when no session acts on what it was allowed before.
    virtual void obey(const Touched& touched) = 0;
    virtual void timed(std::chrono::nanoseconds took, std::size_t messages) = 0;
    virtual void fenced() = 0;
};

/// The use cases of people who chat. What waits for the database says so.
class Chat : public CommitListener {
public:
    Chat(
        ContentDatabase& content,
        Directory& directory,
        RoomBook& book,
        Workers& workers,
        Audience& audience,
        const Clock& clock,
        ServerFacts facts
    );
    ~Chat() override;
    Chat(const Chat&) = delete;
    Chat& operator=(const Chat&) = delete;

    /// Whether memory may still be believed: not once the database has been silent for a minute,
    /// for somebody may have taken rights away meanwhile.
    [[nodiscard]] Result<void> may_read() const { return content_.in_sight(); }

    /// The room as this user may know it, or `room-not-found`, also for what the user may not see.
    struct Seen {
        RoomId id;
        std::string uuid;
        Rights rights;
        bool transit = false;  // its category keeps no history
    };
    [[nodiscard]] Result<Seen> see(PrincipalId user, std::string_view room) const;
    [[nodiscard]] Result<Seen> see(PrincipalId user, RoomId room) const;

    /// Takes a message in; `done` is called once it is durable or cannot become so.
    struct Draft {
        PrincipalId sender;
        RoomId room;
        MessageKind kind = MessageKind::text;
        MessageFormat format = MessageFormat::text;
        std::optional<std::string> subject;
        std::string body;
        std::string key;  // empty: one is made
        bool transit = false;
        std::shared_ptr<const StoredFile> file = {};  // of this room; none: a message without one
    };
    Result<void> post(Draft draft, std::function<void(const Result<Posted>&)> done);

    /// Waits. Messages rising. Of a category without history none are found by `before` and
    /// `after`; `missed` has them while they exist, for whoever was there.
    struct Page {
        std::vector<Message> messages;
        bool more = false;
        bool gap = false;       // something between them does not exist any more
        std::int64_t head = 0;  // of the room when it was read
    };
    Result<Page> before(RoomId room, std::optional<std::int64_t> before, int limit);
    Result<Page> after(RoomId room, std::int64_t after, int limit);
    Result<Page> missed(RoomId room, std::int64_t since, int limit, Transit transit);
    /// Waits. All that still exists above `after` and below `before`, at most `limit`.
    Result<std::vector<Message>> between(
        RoomId room, std::int64_t after, std::int64_t before, int limit
    );
    /// Waits. What was removed or replaced since.
    Result<std::vector<Message>> changes(RoomId room, std::int64_t since_rev, int limit);

    /// Compliance sees it, if it is on; `done` at once when it is off. No `done`: it has happened
    /// already, and waits for a database that is away.
    void record(
        std::int64_t kind,
        PrincipalId user,
        RoomId room,
        std::string_view detail,
        std::function<void(const Result<void>&)> done
    );

    /// Waits. After a change was committed: everybody here sees it and acts on it. When that fails,
    /// apply_again() will do it.
    Result<void> apply(const Touched& touched);
    /// Tells the other servers, if something quicker than the database reaches them.
    void announce(const LogNews& entry) {
        if (peers_ != nullptr && entry.n > 0)
            peers_->logged(entry, {});
    }
    /// Once, before anybody is served.
    void attach(Peers& peers) { peers_ = &peers; }
    [[nodiscard]] Peers* peers() const { return peers_; }
    /// Waits. What could not be applied yet; called by a clock.
    Result<void> apply_again();
    /// A change that may have been committed.
    void apply_later(Touched touched);
    /// Whether every change that this server knows of is in force. While it is not, nothing is to
    /// be said to anybody by what was in force before.
    [[nodiscard]] bool is_current() const { return unapplied_count_ == 0; }

    ContentDatabase& content() { return content_; }
    Directory& directory() { return directory_; }
    RoomBook& book() { return book_; }
    Elsewhere& elsewhere() { return elsewhere_; }
    /// Who is in the room by way of any server, in order.
    [[nodiscard]] std::vector<PrincipalId> in_room(RoomId room) const;
    PoolView& pool() { return pool_; }
    [[nodiscard]] const PoolView& pool() const { return pool_; }
    Workers& workers() { return workers_; }
    Audience& audience() { return audience_; }
    const Clock& clock() const { return clock_; }
    const ServerFacts& facts() const { return facts_; }
    /// Ports are known once they are open: before the first connection is served.
    void reachable_at(std::string url, std::vector<std::string> origins) {
        facts_.url = std::move(url);
        facts_.origins = std::move(origins);
    }
    [[nodiscard]] CommitCounts commit_counts() const { return commits_->counts(); }
    /// From which number on messages of the room may be our own that are on their way into it.
    [[nodiscard]] std::int64_t first_storing(RoomId room) const {
        return commits_->first_storing(room);
    }
    /// Called by a clock: nobody waits longer than the patience of a sender.
    void refuse_late() { commits_->refuse_late(); }
    /// Settles the messages that wait, and takes no more of them; what compliance must see is still
    /// taken.
    void stop_messages() { commits_->stop_messages(); }
    /// Returns once nothing waits to be stored, or the database does not take it.
    void wait_until_stored() { commits_->wait_until_idle(); }
    /// Settles what waits, and takes nothing more.
    void stop_posting() { commits_->stop(); }

private:
    /// What `find` gives of what the room still has.
    Result<Page> page(
        RoomId room,
        const std::function<Result<std::vector<Message>>(MessageStore&, const RoomHead&)>& find
    );
    Result<void> still_allowed(const Posting& posting) override;
    std::uint64_t generation() const override { return directory_.generation(); }
    bool records() const override { return facts_.compliance; }
    std::string record(const Posting& posting, std::int64_t seq, Microseconds at) override;
    void remember(std::span<const Committed> messages) override { audience_.remember(messages); }
    void committed(std::span<const Committed> messages, const LogNews& entry) override {
        audience_.committed(messages, entry);
    }
    void logged(const LogNews& entry) override { announce(entry); }
    void timed(std::chrono::nanoseconds took, std::size_t messages) override {
        audience_.timed(took, messages);
    }
    void fenced() override { audience_.fenced(); }

    ContentDatabase& content_;
    Directory& directory_;
    RoomBook& book_;
    Workers& workers_;
    Audience& audience_;
    const Clock& clock_;
    ServerFacts facts_;
    Elsewhere elsewhere_;
    PoolView pool_;
    Peers* peers_ = nullptr;
    Guarded<std::vector<Touched>> unapplied_;
    std::atomic<std::size_t> unapplied_count_{0};  // with those that are being applied now
    std::unique_ptr<CommitQueue> commits_;
};

/// Users whom the text mentions: `@` and the part of their address before the @.
std::vector<PrincipalId> mentioned(const DirectoryState& state, std::string_view text);

/// An event as compliance keeps it: complete in itself, JSON.
std::string compliance_text(
    const DirectoryState& state,
    std::int64_t kind,
    PrincipalId user,
    RoomId room,
    Microseconds at,
    std::string_view detail
);
std::string compliance_text(const DirectoryState& state, const Message& message);
/// Of a room or category as a change leaves it, which memory does not know yet. No room: the
/// category itself was changed. `detail` is JSON.
std::string compliance_text(
    const DirectoryState& state,
    std::int64_t kind,
    PrincipalId user,
    const Category& category,
    const Room* room,
    Microseconds at,
    std::string_view detail
);

}  // namespace pchat
