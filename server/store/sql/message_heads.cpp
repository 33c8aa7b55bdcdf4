// SPDX-License-Identifier: Apache-2.0
// Numbering messages of many rooms: a commit of hundreds must not ask for each room by itself.
#include "server/store/sql/message_heads.h"

#include "server/store/sql/messages.h"
#include "server/store/sql/room_tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace pchat::sql {
namespace {

// So many rooms go in one statement; what is missing is filled up with a room that there is not.
constexpr std::size_t many_rooms = 32;
constexpr HeadRaise no_room{};
// Up to so many are as fast one by one.
constexpr std::size_t few_rooms = 3;

// In the order of their ids, which an UPDATE of several rows does not promise: two servers that
// lock the same rooms in different orders would wait for each other.
const std::string lock_text = "select room_id from room_head {hold} where room_id in (" +
                              repeated(":l#", ", ", many_rooms) + ") order by room_id {held}";
const Statement heads_lock{"room heads lock", lock_text};

const std::string raise_text =
    "update room_head set last_seq = last_seq + case room_id " +
    repeated("when :q# then :n#", " ", many_rooms) +
    " else cast(0 as bigint) end, content_bytes = content_bytes + case room_id " +
    repeated("when :p# then :b#", " ", many_rooms) +
    " else cast(0 as bigint) end, "
    "last_at = case when last_at > :at then last_at else :same_at end "
    "{output room_id, last_seq, first_seq, rev, last_at, content_bytes} where room_id in (" +
    repeated(":r#", ", ", many_rooms) +
    ") {returning room_id, last_seq, first_seq, rev, last_at, content_bytes}";
const Statement heads_raise{"room heads raise", raise_text};

}  // namespace

Catalog message_head_catalog() {
    return {{}, {&heads_lock, &heads_raise}};
}

Result<std::vector<RoomHead>> SqlMessageStore::raise_all(
    std::span<const HeadRaise> rooms, Microseconds at
) {
    std::vector<RoomHead> out;
    for (; !rooms.empty() && rooms.size() <= few_rooms; rooms = rooms.subspan(1)) {
        HeadRaise alone = rooms.front();
        alone.at = at;
        Result<RoomHead> head = raise(alone);
        if (head)
            out.push_back(*head);
        else if (head.error().code != Errc::not_found)
            return pass(std::move(head).error());
    }
    for (; !rooms.empty(); rooms = rooms.subspan(std::min(rooms.size(), many_rooms))) {
        std::array<const HeadRaise*, many_rooms> filled{};
        for (std::size_t i = 0; i < many_rooms; ++i)
            filled[i] = i < rooms.size() ? &rooms[i] : &no_room;
        Values locking{many_rooms};
        for (const HeadRaise* one : filled)
            locking.add(one->room);
        if (const auto locked = tx_.list<RoomId>(heads_lock, locking); !locked)
            return pass(locked.error());
        Values in{5 * many_rooms + 2};
        for (const HeadRaise* one : filled)
            in.add(one->room, one->messages);
        for (const HeadRaise* one : filled)
            in.add(one->room, one->content_bytes);
        in.add(at, at);
        for (const HeadRaise* one : filled)
            in.add(one->room);
        auto raised = tx_.list<RoomHead>(heads_raise, in);
        if (!raised)
            return pass(std::move(raised).error());
        std::move(raised->begin(), raised->end(), std::back_inserter(out));
    }
    return out;
}

}  // namespace pchat::sql
