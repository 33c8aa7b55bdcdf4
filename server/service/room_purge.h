// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/room_admin.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

// What a change takes off the lists of rooms because it no longer fits is kept for a month, so that
// it can be put back.

/// The entries of a room that `after` lacks.
std::vector<RoleEntry> lost_roles(const KnownRoom& before, const KnownRoom& after);
/// Its uuid; empty when nothing was lost. `action` as the audit log names the change.
Result<std::string> record_purge(
    Change& change,
    PrincipalId actor,
    std::string_view action,
    std::string_view object_name,
    const std::vector<RoleEntry>& lost
);

/// An entry that an undo puts back, or leaves.
struct UndoneEntry {
    std::string room;  // uuid
    std::string room_name;
    std::string_view list;  // "members": a literal
    std::string principal;  // as it is written
};
struct PurgeUndo {
    std::string change;  // uuid of the purge; empty: there was none
    std::vector<UndoneEntry> restored;
    std::vector<UndoneEntry> refused;  // the category still does not allow them
};

/// Waits. Puts back what is allowed again: of the room, what it lost last; of the change, what all
/// rooms lost by it; of both, what the room lost by it. The caller must manage each room.
Result<PurgeUndo> undo_purge(
    Changes& changes, const AdminCall& call, std::string_view room, std::string_view change
);

}  // namespace pchat
