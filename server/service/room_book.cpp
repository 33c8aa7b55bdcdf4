// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_book.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pchat {
namespace {

constexpr std::size_t overhead = 96;  // of one remembered message beside its text

std::size_t cost(const Remembered& one) {
    return one.text->size() + overhead;
}

void forget_one(std::vector<PrincipalId>& list, PrincipalId user) {
    list.erase(std::remove(list.begin(), list.end(), user), list.end());
}

}  // namespace

RoomBook::RoomBook(ContentDatabase& content, Encode encode, BookLimits limits)
    : content_(content), encode_(std::move(encode)), limits_(limits) {}

bool RoomBook::is_warm(RoomId room) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    return found != shard.rooms.end() && found->second.warm;
}

Result<void> RoomBook::warm_up(RoomId room) {
    // Entered before the database is read: what is committed from now on either is seen by the
    // read, or is appended meanwhile.
    with(room, [](LiveRoom&) {});
    RoomHead head;
    std::vector<Message> messages;
    Result<void> read = content_.read("opening the room", [&](ContentTransaction& tx) {
        Result<std::optional<RoomHead>> found = tx.messages().head(room);
        if (!found)
            return Result<void>{pass(std::move(found).error())};
        if (!*found)
            return Result<void>{
                fail_as("room-not-found", Errc::not_found, "the room does not exist")};
        head = **found;
        Result<std::vector<Message>> last =
            tx.messages().up_to(room, head.last_seq, static_cast<int>(limits_.remembered));
        if (!last)
            return Result<void>{pass(std::move(last).error())};
        messages = std::move(*last);
        return Result<void>{};
    });
    if (!read)
        return read;
    std::vector<Remembered> texts;
    for (const Message& message : messages)
        if (message.seq >= head.first_seq)
            texts.push_back({message.seq, std::make_shared<const std::string>(encode_(message))});
    with(room, [&](LiveRoom& live) {
        if (live.warm)
            return;  // somebody else was first
        std::deque<Remembered> later = std::exchange(live.recent, {});
        bytes_ -= std::exchange(live.recent_bytes, 0);
        live.last_seq = texts.empty() ? head.last_seq : texts.back().seq;
        live.first_seq = std::max(live.first_seq, head.first_seq);
        live.rev = std::max(live.rev, head.rev);
        for (Remembered& one : texts)
            remember(live, one.seq, std::move(one.text));
        for (Remembered& one : later)
            if (one.seq > live.last_seq)
                remember(live, one.seq, std::move(one.text));
        live.warm = true;
    });
    return {};
}

void RoomBook::remember(LiveRoom& room, std::int64_t seq, SharedText text) {
    // A gap would make what is remembered a lie: begin again behind it.
    if (!room.recent.empty() && room.recent.back().seq + 1 != seq)
        drop_recent(room);
    room.recent.push_back({seq, std::move(text)});
    room.recent_bytes += cost(room.recent.back());
    bytes_ += cost(room.recent.back());
    room.last_seq = seq;
    while (room.recent.size() > limits_.remembered) {
        room.recent_bytes -= cost(room.recent.front());
        bytes_ -= cost(room.recent.front());
        room.recent.pop_front();
    }
}

void RoomBook::drop_recent(LiveRoom& room) {
    bytes_ -= std::exchange(room.recent_bytes, 0);
    room.recent.clear();
}

RecentView RoomBook::view(
    const LiveRoom& room, std::int64_t since, bool resume, std::size_t count
) {
    RecentView out;
    out.head = room.last_seq;
    out.first = room.first_seq;
    out.rev = room.rev;
    const std::int64_t oldest = room.recent.empty() ? room.last_seq + 1 : room.recent.front().seq;
    std::int64_t from = since + 1;
    if (!resume)
        from = room.last_seq - static_cast<std::int64_t>(count) + 1;
    from = std::max(from, room.first_seq);
    out.complete = from >= oldest || from > room.last_seq;
    const auto skip = std::max<std::int64_t>(0, from - oldest);
    for (std::size_t i = static_cast<std::size_t>(skip); i < room.recent.size(); ++i)
        out.messages.push_back(room.recent[i].text);
    return out;
}

bool RoomBook::append(RoomId room, std::int64_t seq, SharedText text) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return true;  // nobody here has it open
    if (seq <= found->second.last_seq)
        return false;
    remember(found->second, seq, std::move(text));
    return true;
}

void RoomBook::changed(RoomId room, std::int64_t rev, std::int64_t seq, SharedText text) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return;
    LiveRoom& live = found->second;
    live.rev = std::max(live.rev, rev);
    for (Remembered& one : live.recent)
        if (one.seq == seq) {
            const std::size_t before = cost(one);
            one.text = std::move(text);
            live.recent_bytes += cost(one) - before;
            bytes_ += cost(one) - before;
            break;
        }
}

void RoomBook::cleared(RoomId room, std::int64_t rev, std::int64_t first) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return;
    LiveRoom& live = found->second;
    live.rev = std::max(live.rev, rev);
    live.first_seq = std::max(live.first_seq, first);
    while (!live.recent.empty() && live.recent.front().seq < first) {
        live.recent_bytes -= cost(live.recent.front());
        bytes_ -= cost(live.recent.front());
        live.recent.pop_front();
    }
}

void RoomBook::forget(RoomId room) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return;
    drop_recent(found->second);
    shard.rooms.erase(found);
}

bool RoomBook::enter(LiveRoom& room, RoomId id, PrincipalId user) {
    if (room.roster.here[user]++ > 0)
        return false;
    if (room.roster.joined.empty() && room.roster.left.empty()) {
        const std::lock_guard lock{changed_mutex_};
        changed_rosters_.push_back(id);
    }
    forget_one(room.roster.left, user);
    room.roster.joined.push_back(user);
    return true;
}

bool RoomBook::leave(RoomId room, PrincipalId user) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return false;
    Roster& roster = found->second.roster;
    const auto here = roster.here.find(user);
    if (here == roster.here.end() || --here->second > 0)
        return false;
    roster.here.erase(here);
    if (roster.joined.empty() && roster.left.empty()) {
        const std::lock_guard changed{changed_mutex_};
        changed_rosters_.push_back(room);
    }
    const std::size_t before = roster.joined.size();
    forget_one(roster.joined, user);
    if (roster.joined.size() == before)  // the others know of it
        roster.left.push_back(user);
    return true;
}

std::vector<RoomId> RoomBook::take_changed_rosters() {
    const std::lock_guard lock{changed_mutex_};
    return std::exchange(changed_rosters_, {});
}

std::size_t RoomBook::rooms() const {
    std::size_t out = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        out += shard.rooms.size();
    }
    return out;
}

void RoomBook::trim() {
    if (bytes_ <= limits_.bytes)
        return;
    struct Use {
        std::uint64_t used;
        RoomId room;
    };
    std::vector<Use> uses;
    for (Shard& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        for (const auto& [id, room] : shard.rooms)
            uses.push_back({room.used, id});
    }
    std::sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) { return a.used < b.used; });
    for (const Use& use : uses) {
        if (bytes_ <= limits_.bytes / 4 * 3)
            return;
        Shard& shard = shard_of(use.room);
        const std::lock_guard lock{shard.mutex};
        const auto found = shard.rooms.find(use.room);
        if (found == shard.rooms.end())
            continue;
        drop_recent(found->second);
        if (found->second.roster.here.empty())
            shard.rooms.erase(found);
    }
}

}  // namespace pchat
