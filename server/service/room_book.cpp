// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_book.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t overhead = 96;  // of one remembered message beside its text

std::size_t cost(const Remembered& one) {
    return one.text->size() + overhead;
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

void RoomBook::adopt_change(const LiveRoom& room, Remembered& message) {
    const auto change = room.ahead.find(message.seq);
    if (change == room.ahead.end() || change->second.rev < message.rev)
        return;
    message.rev = change->second.rev;
    message.text = change->second.text;
}

RoomBook::Place RoomBook::append(RoomId room, std::int64_t after, Remembered& message) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return Place::next;
    LiveRoom& live = found->second;
    if (message.seq <= live.last_seq)
        return Place::known;
    if (live.warm && live.last_seq < after)
        return Place::beyond;
    if (message.seq < live.first_seq) {
        drop_recent(live);
        live.last_seq = message.seq;
        return Place::known;
    }
    adopt_change(live, message);
    remember(live, message);
    if (live.warm)
        live.ahead.erase(live.ahead.begin(), live.ahead.upper_bound(live.last_seq));
    return Place::next;
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
    if (!live.warm || seq > live.last_seq)
        if (LiveRoom::Change& ahead = live.ahead[seq]; ahead.rev <= rev)
            ahead = {rev, text};
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
    const auto goes = [&](const Remembered& one) { return live.has_lost(one); };
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

}  // namespace pchat
