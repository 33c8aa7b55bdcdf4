// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/message.h"
#include "server/domain/room.h"
#include "server/store/content_database.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pchat {

/// A message as the front end encoded it, once for everybody.
using SharedText = std::shared_ptr<const std::string>;

struct Remembered {
    std::int64_t seq = 0;
    SharedText text;
    bool transit = false;  // only for who was there: its category keeps no history
    std::int64_t rev = 0;  // of the room when it was changed last
};

/// Whether messages without history are shown: only to whom they were said.
enum class Transit : std::uint8_t { hidden, shown };

/// Who is in a room by way of this server, and who came and went since that was last told.
struct Roster {
    using Time = std::chrono::steady_clock::time_point;
    struct Presence {
        std::uint32_t sessions = 0;
        std::int64_t since = 0;  // messages above it were said to the user
    };
    struct Departure {
        PrincipalId user;
        std::int64_t since = 0;
        Time at;
    };
    std::unordered_map<PrincipalId, Presence> here;
    std::deque<Departure> departed;  // lately, from where there is no history
    std::vector<PrincipalId> joined;
    std::vector<PrincipalId> left;
};

/// What is kept in memory of a room that somebody uses.
struct LiveRoom {
    struct Change {
        std::int64_t rev = 0;
        SharedText text;
    };
    std::int64_t last_seq = 0;  // of what was published; the database may be ahead
    std::int64_t first_seq = 1;
    std::int64_t rev = 0;
    std::int64_t expired_seq = 0;   // messages without history up to it are gone
    bool warm = false;              // the numbers above and `recent` are true
    std::deque<Remembered> recent;  // dense, ends with last_seq
    std::size_t recent_bytes = 0;
    std::map<std::int64_t, Change> ahead;  // of messages that have not come yet
    Roster roster;
    std::uint64_t used = 0;         // RoomBook's tick of its last use
    std::uint32_t trims_empty = 0;  // since it was used, with nobody here

    [[nodiscard]] bool has_lost(const Remembered& one) const {
        return one.seq < first_seq || (one.transit && one.seq <= expired_seq);
    }
};

/// What a reader gets who is at `since`, or wants the last few.
struct RecentView {
    std::int64_t head = 0;
    std::int64_t first = 1;
    std::int64_t rev = 0;
    bool complete = false;  // no: the database has to be asked for what is missing
    bool gap = false;       // something between them is not for the reader
    std::vector<SharedText> messages;
};

struct BookLimits {
    std::size_t remembered = 50;                         // messages a room, at least
    std::size_t bytes = std::size_t{256} * 1024 * 1024;  // of all rooms
};

/// The rooms in use with their latest messages. A room nobody uses costs nothing. Safe to use from
/// many threads.
class RoomBook {
public:
    using Encode = std::function<std::string(const Message&)>;

    RoomBook(ContentDatabase& content, Encode encode, BookLimits limits = {});

    /// Whether the room's numbers are known; if not, warm_up() has to run on a thread that may
    /// wait.
    bool is_warm(RoomId room);
    Result<void> warm_up(RoomId room);

    /// Runs with the room locked. It must be warm and in use, or is made anew, cold.
    template <class F>
    auto with(RoomId room, F&& use) {
        Shard& shard = shard_of(room);
        const std::lock_guard lock{shard.mutex};
        return use(live(shard, room));
    }

    /// What a returning reader is shown from memory, the messages after `since`; and what a new one
    /// is, the last `count` of those that are kept.
    static RecentView after(const LiveRoom& room, std::int64_t since, Transit transit);
    static RecentView last(const LiveRoom& room, std::size_t count);

    /// Where a message stands that was committed.
    enum class Place : std::uint8_t {
        next,    // it is remembered, if anybody here has the room open
        known,   // it was before, or has been cleared since
        beyond,  // what stands before it has to be read
    };
    /// All that still exists above `after` and before the message has been appended. What was
    /// changed before it came becomes what it was changed to.
    Place append(RoomId room, std::int64_t after, Remembered& message);
    /// What is known of a room that somebody here uses.
    struct Standing {
        bool warm = false;  // no: the numbers are not known yet
        std::int64_t last_seq = 0;
        std::int64_t first_seq = 1;
        std::int64_t rev = 0;
    };
    [[nodiscard]] std::optional<Standing> standing(RoomId room) const;
    [[nodiscard]] std::vector<RoomId> in_use() const;
    /// A message was changed; what is remembered must not show it any more.
    void changed(RoomId room, std::int64_t rev, std::int64_t seq, SharedText text);
    void cleared(RoomId room, std::int64_t rev, std::int64_t first);
    /// Messages without history up to that number are gone from the database; `first` is the first
    /// message that is still there.
    void expired(RoomId room, std::int64_t seq, std::int64_t first);
    void forget(RoomId room);

    /// What somebody who has the messages up to `since` may have of those without history: all
    /// when they were said while it was there, which is remembered for ten minutes.
    static Transit transit_for(
        const LiveRoom& room, PrincipalId user, std::int64_t since, Roster::Time now
    );
    /// Someone came or went with one session; true when it was the first or last one. `remembered`:
    /// who may come back for messages without history, and when it went.
    bool enter(LiveRoom& room, RoomId id, PrincipalId user, Roster::Time now);
    bool leave(RoomId room, PrincipalId user, std::optional<Roster::Time> remembered = {});
    /// Who is told when somebody here is in a room, and when nobody is any more; called with the
    /// room locked. Once, before anybody is.
    void on_use(std::function<void(RoomId, bool)> tell) { tell_use_ = std::move(tell); }
    /// Rooms whose rosters changed since the last call.
    std::vector<RoomId> take_changed_rosters();

    struct Visit {
        RoomId room;
        PrincipalId user;
        friend auto operator<=>(const Visit&, const Visit&) = default;
    };
    /// For whoever tells the other servers, which costs something: from here on, who came or went
    /// is noted.
    void note_visits(bool on);
    /// Who may have come or gone since the last call.
    std::vector<Visit> take_noted();
    [[nodiscard]] bool is_here(RoomId room, PrincipalId user) const;
    [[nodiscard]] std::vector<Visit> everybody() const;
    [[nodiscard]] std::vector<PrincipalId> in_room(RoomId room) const;

    /// Lets go of rooms that nobody has been in for a minute: what others say there would be read
    /// for nobody. And of what has not been used for long, when there is too much. Called by a
    /// clock, every ten seconds.
    void trim();
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] std::size_t rooms() const;

private:
    using Rooms = std::unordered_map<RoomId, LiveRoom>;
    /// Of a room that was let go of.
    struct Absent {
        std::deque<Roster::Departure> departed;
        std::uint32_t trims = 0;  // since then
    };
    struct Shard {
        mutable std::mutex mutex;
        Rooms rooms;
        std::unordered_map<RoomId, Absent> absent;
    };
    /// A room as the database has it.
    struct Opened {
        RoomHead head;
        std::vector<Remembered> messages;
    };
    Shard& shard_of(RoomId room) {
        return shards_[static_cast<std::size_t>(room.value) % shards_.size()];
    }
    [[nodiscard]] const Shard& shard_of(RoomId room) const {
        return shards_[static_cast<std::size_t>(room.value) % shards_.size()];
    }
    LiveRoom& live(Shard& shard, RoomId room);
    Rooms::iterator let_go(Shard& shard, Rooms::iterator room);
    void let_go_of_empty();
    Result<Opened> read(RoomId room);
    /// False when that is older than what was appended meanwhile.
    bool open(LiveRoom& live, Opened opened);
    static void adopt_change(const LiveRoom& room, Remembered& message);
    void remember(LiveRoom& room, Remembered message);
    void drop_oldest(LiveRoom& room);
    void drop_recent(LiveRoom& room);
    void note(RoomId room, PrincipalId user);

    ContentDatabase& content_;
    Encode encode_;
    BookLimits limits_;
    std::function<void(RoomId, bool)> tell_use_ = [](RoomId, bool) {};
    std::array<Shard, 64> shards_;
    std::atomic<std::size_t> bytes_{0};
    std::atomic<std::uint64_t> tick_{0};
    std::mutex changed_mutex_;
    std::vector<RoomId> changed_rosters_;
    std::atomic<bool> notes_visits_{false};
    std::mutex noted_mutex_;
    std::vector<Visit> noted_;
};

}  // namespace pchat
