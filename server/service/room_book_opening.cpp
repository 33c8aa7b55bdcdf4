// SPDX-License-Identifier: Apache-2.0
// How rooms come into memory, and out of it.
#include "server/service/attached_files.h"
#include "server/service/room_book.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

// A database that was put back never has all that was appended.
constexpr int most_looks = 5;
// Calls of trim(): whoever lost its connection is back within the first time, and after the second
// one nobody asks who left.
constexpr std::uint32_t trims_until_gone = 6;
constexpr std::uint32_t trims_until_forgotten = 60;

}  // namespace

LiveRoom& RoomBook::live(Shard& shard, RoomId room) {
    const auto [found, fresh] = shard.rooms.try_emplace(room);
    LiveRoom& live = found->second;
    live.used = ++tick_;
    live.trims_empty = 0;
    if (fresh)
        if (auto before = shard.absent.extract(room); !before.empty())
            live.roster.departed = std::move(before.mapped().departed);
    return live;
}

Result<void> RoomBook::warm_up(RoomId room) {
    // Entered before the database is read: what is committed from now on either is seen by the
    // read, or is appended meanwhile.
    with(room, [](LiveRoom&) {});
    for (int looks = 1;; ++looks) {
        Result<Opened> opened = read(room);
        if (!opened)
            return pass(std::move(opened).error());
        const bool done = with(room, [&](LiveRoom& live) {
            if (live.warm)
                return true;  // somebody else was first
            if (looks == most_looks)
                drop_recent(live);
            return open(live, std::move(*opened));
        });
        if (done)
            return {};
    }
}

Result<RoomBook::Opened> RoomBook::read(RoomId room) {
    Opened out;
    std::vector<Message> messages;
    Result<void> read = content_.read("opening the room", [&](ContentTransaction& tx) {
        Result<std::optional<RoomHead>> found = tx.messages().head(room);
        if (!found)
            return Result<void>{pass(std::move(found).error())};
        if (!*found)
            return Result<void>{
                fail_as("room-not-found", Errc::not_found, "the room does not exist")};
        out.head = **found;
        Result<std::vector<Message>> last =
            tx.messages().up_to(room, out.head.last_seq, static_cast<int>(limits_.remembered));
        if (!last)
            return Result<void>{pass(std::move(last).error())};
        messages = std::move(*last);
        return attach_files(tx, messages);
    });
    if (!read)
        return pass(std::move(read).error());
    for (const Message& message : messages)
        if (message.seq >= out.head.first_seq)
            out.messages.push_back(
                {message.seq,
                 std::make_shared<const std::string>(encode_(message)),
                 message.transit,
                 message.rev}
            );
    // The last ones may be gone, having been without history: then nothing can follow on them.
    if (!out.messages.empty() && out.messages.back().seq != out.head.last_seq)
        out.messages.clear();
    return out;
}

bool RoomBook::open(LiveRoom& live, Opened opened) {
    const auto later =
        std::find_if(live.recent.begin(), live.recent.end(), [&](const Remembered& one) {
            return one.seq > opened.head.last_seq;
        });
    if (later != live.recent.end() && later->seq != opened.head.last_seq + 1)
        return false;
    std::vector<Remembered> appended{
        std::make_move_iterator(later), std::make_move_iterator(live.recent.end())};
    drop_recent(live);
    live.last_seq = opened.head.last_seq;
    live.first_seq = std::max(live.first_seq, opened.head.first_seq);
    live.rev = std::max(live.rev, opened.head.rev);
    // Something may have been erased since the database was read; what stands before it goes too,
    // for what is remembered has no gaps.
    std::vector<Remembered>& texts = opened.messages;
    const auto last = std::find_if(texts.rbegin(), texts.rend(), [&](const Remembered& one) {
        return live.has_lost(one);
    });
    texts.erase(texts.begin(), last.base());
    for (std::vector<Remembered>* list : {&texts, &appended})
        for (Remembered& one : *list) {
            adopt_change(live, one);
            remember(live, std::move(one));
        }
    live.ahead.erase(live.ahead.begin(), live.ahead.upper_bound(live.last_seq));
    live.warm = true;
    return true;
}

RoomBook::Rooms::iterator RoomBook::let_go(Shard& shard, Rooms::iterator room) {
    drop_recent(room->second);
    if (std::deque<Roster::Departure>& departed = room->second.roster.departed; !departed.empty())
        shard.absent[room->first] = {std::move(departed)};
    return shard.rooms.erase(room);
}

void RoomBook::let_go_of_empty() {
    for (Shard& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        for (auto room = shard.absent.begin(); room != shard.absent.end();)
            room = ++room->second.trims > trims_until_forgotten ? shard.absent.erase(room)
                                                                : std::next(room);
        for (auto room = shard.rooms.begin(); room != shard.rooms.end();) {
            LiveRoom& live = room->second;
            live.trims_empty = live.roster.here.empty() ? live.trims_empty + 1 : 0;
            room = live.trims_empty > trims_until_gone ? let_go(shard, room) : std::next(room);
        }
    }
}

void RoomBook::trim() {
    let_go_of_empty();
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
        if (found->second.roster.here.empty())
            let_go(shard, found);
        else
            drop_recent(found->second);
    }
}

}  // namespace pchat
