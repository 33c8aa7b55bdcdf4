// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/principal_lookup.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a new room is to be, or what of a room is to change.
struct RoomFields {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::string> category;  // name or id; a new room's is "General"
    std::optional<std::string> addin;     // name or id; empty: none
    std::optional<RoomType> type;
    std::optional<RoomPrivacy> privacy;
    std::optional<bool> invitations;  // yes: as the category says
    std::optional<bool> disabled;
    ListChange members;
    ListChange managers;
    ListChange presenters;
};

/// The room as the change leaves it, or would.
struct RoomChange {
    KnownRoom room;
    std::string category;  // its name
    std::string addin;     // its name, or empty
    Rights may;
    std::vector<Purged> purged;
    std::string undo;         // uuid by which the purge can be undone; empty: nothing to undo
    std::size_t invited = 0;  // users
};

// All wait. Who may: creators of the category create rooms and manage them; managers change all
// but the category, which they change to one whose creators they are, and disable; administrators
// (pchat-admin) do everything. A room that the caller may not see is as one that does not exist.

Result<RoomChange> create_room(Changes& changes, const AdminCall& call, const RoomFields& fields);
/// Nothing is written, and the revision stays, when nothing differs.
Result<RoomChange> change_room(
    Changes& changes, const AdminCall& call, std::string_view room, const RoomFields& fields
);
// The same within a change of several.
Result<RoomChange> create_room(
    Changes& changes, Change& change, const AdminCall& call, const RoomFields& fields
);
Result<RoomChange> change_room(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view room,
    const RoomFields& fields
);
/// The room is gone at once, its messages in portions later. Gives what it was.
Result<RoomChange> remove_room(Changes& changes, const AdminCall& call, std::string_view room);
/// Within a change of several. Until its messages are erased its row belongs to `shelter`, and
/// shows no add-in: its own category and add-in can be removed by the same change.
Result<RoomChange> remove_room(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view room,
    std::optional<CategoryId> shelter
);

/// A room with the right to manage it, or to administer it; for what works on its messages.
Result<KnownRoom> administered_room(
    ContentTransaction& tx, const AdminCall& call, std::string_view room
);

}  // namespace pchat
