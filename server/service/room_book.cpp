// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_book.h"

#include "server/service/attached_files.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pchat {
namespace {

constexpr std::size_t overhead = 96;  // of one remembered message beside its text

std::size_t cost(const Remembered& one) {
    return one.text->size() + overhead;
}

bool is_gone(const LiveRoom& room, const Remembered& one) {
    return one.seq < room.first_seq || (one.transit && one.seq <= room.expired_seq);
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
        return attach_files(tx, messages);
    });
    if (!read)
        return read;
    std::vector<Remembered> texts;
    for (const Message& message : messages)
        if (message.seq >= head.first_seq)
            texts.push_back(
                {message.seq,
                 std::make_shared<const std::string>(encode_(message)),
                 message.transit,
                 message.rev}
            );
    // The last ones may be gone, having been without history: then nothing can follow on them.
    if (!texts.empty() && texts.back().seq != head.last_seq)
        texts.clear();
    with(room, [&](LiveRoom& live) {
        if (live.warm)
            return;  // somebody else was first
        std::deque<Remembered> later = std::exchange(live.recent, {});
        bytes_ -= std::exchange(live.recent_bytes, 0);
        live.last_seq = head.last_seq;
        live.first_seq = std::max(live.first_seq, head.first_seq);
        live.rev = std::max(live.rev, head.rev);
        // Something may have been erased since the database was read; what stands before it goes
        // too, for what is remembered has no gaps.
        const auto last = std::find_if(texts.rbegin(), texts.rend(), [&](const Remembered& one) {
            return is_gone(live, one);
        });
        texts.erase(texts.begin(), last.base());
        for (Remembered& one : texts)
            remember(live, std::move(one));
        for (Remembered& one : later)
            if (one.seq > live.last_seq)
                remember(live, std::move(one));
        live.warm = true;
    });
    return {};
}

void RoomBook::remember(LiveRoom& room, Remembered message) {
    // A gap would make what is remembered a lie: begin again behind it.
    if (!room.recent.empty() && room.recent.back().seq + 1 != message.seq)
        drop_recent(room);
    room.last_seq = message.seq;
    room.recent.push_back(std::move(message));
    room.recent_bytes += cost(room.recent.back());
    bytes_ += cost(room.recent.back());
    while (room.recent.size() > limits_.remembered)
        drop_oldest(room);
}

void RoomBook::drop_oldest(LiveRoom& room) {
    room.recent_bytes -= cost(room.recent.front());
    bytes_ -= cost(room.recent.front());
    room.recent.pop_front();
}

void RoomBook::drop_recent(LiveRoom& room) {
    bytes_ -= std::exchange(room.recent_bytes, 0);
    room.recent.clear();
}

RecentView RoomBook::after(const LiveRoom& room, std::int64_t since, Transit transit) {
    RecentView out{room.last_seq, room.first_seq, room.rev, false, false, {}};
    const std::int64_t oldest = room.recent.empty() ? room.last_seq + 1 : room.recent.front().seq;
    const std::int64_t from = std::max(since + 1, room.first_seq);
    out.complete = from >= oldest || from > room.last_seq;
    const auto skip = std::max<std::int64_t>(0, from - oldest);
    for (std::size_t i = static_cast<std::size_t>(skip); i < room.recent.size(); ++i)
        if (room.recent[i].transit && transit == Transit::hidden)
            out.gap = true;
        else
            out.messages.push_back(room.recent[i].text);
    return out;
}

RecentView RoomBook::last(const LiveRoom& room, std::size_t count) {
    RecentView out{room.last_seq, room.first_seq, room.rev, false, false, {}};
    const std::int64_t oldest = room.recent.empty() ? room.last_seq + 1 : room.recent.front().seq;
    for (auto one = room.recent.rbegin(); one != room.recent.rend() && out.messages.size() < count;
         ++one)
        if (!one->transit && one->seq >= room.first_seq)
            out.messages.push_back(one->text);
    std::reverse(out.messages.begin(), out.messages.end());
    out.complete = out.messages.size() == count || oldest <= room.first_seq;
    return out;
}

bool RoomBook::append(RoomId room, Remembered message) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return true;  // nobody here has it open
    if (message.seq <= found->second.last_seq)
        return false;
    remember(found->second, std::move(message));
    return true;
}

std::optional<RoomBook::Standing> RoomBook::standing(RoomId room) const {
    const Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return std::nullopt;
    const LiveRoom& live = found->second;
    return Standing{live.warm, live.last_seq, live.first_seq, live.rev};
}

std::vector<RoomId> RoomBook::in_use() const {
    std::vector<RoomId> out;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        for (const auto& [id, room] : shard.rooms)
            out.push_back(id);
    }
    return out;
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
        if (one.seq == seq && one.rev <= rev) {
            one.rev = rev;
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
    while (!live.recent.empty() && live.recent.front().seq < first)
        drop_oldest(live);
}

void RoomBook::expired(RoomId room, std::int64_t seq, std::int64_t first) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return;
    LiveRoom& live = found->second;
    live.first_seq = std::max(live.first_seq, first);
    live.expired_seq = std::max(live.expired_seq, seq);
    const auto goes = [&](const Remembered& one) { return is_gone(live, one); };
    // What stands before one of them goes too, for what is remembered has no gaps.
    while (std::any_of(live.recent.begin(), live.recent.end(), goes))
        drop_oldest(live);
}

void RoomBook::forget(RoomId room) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return;
    drop_recent(found->second);
    for (const auto& [user, presence] : found->second.roster.here)
        note(room, user);
    shard.rooms.erase(found);
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
