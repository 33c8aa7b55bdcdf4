// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pchat {

// What was said is changed by administrators (pchat-admin) only: neither authors nor managers of
// the room can. All wait; clients hear of it after the commit, compliance keeps what was there.

struct Replacement {
    std::string body;
    std::optional<std::string> subject;  // of a story; none: it stays
};

struct MessageChanged {
    std::string room;  // uuid
    std::int64_t seq = 0;
    std::int64_t rev = 0;  // of the room
    bool changed = true;   // false: it was like that already
};

/// Leaves an empty message in its place. Nothing happens to one that was removed already.
Result<MessageChanged> remove_message(
    Changes& changes, const AdminCall& call, std::string_view room, std::int64_t seq
);
/// Also brings text into one that was removed.
Result<MessageChanged> replace_message(
    Changes& changes,
    const AdminCall& call,
    std::string_view room,
    std::int64_t seq,
    const Replacement& by
);

/// What goes: messages numbered lower, or sent earlier; all of them when neither is given.
struct ClearBefore {
    std::optional<std::int64_t> seq;
    std::optional<Microseconds> time;
};
struct RoomCleared {
    std::string room;        // uuid
    std::int64_t first = 1;  // that still exists; one more than the last when none does
    std::int64_t rev = 0;
    bool changed = true;  // false: nothing was there to clear
};
/// Nobody can read them any more when it returns; they are erased in portions later.
Result<RoomCleared> clear_room(
    Changes& changes, const AdminCall& call, std::string_view room, const ClearBefore& before
);

}  // namespace pchat
