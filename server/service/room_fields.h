// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/principal_lookup.h"
#include "server/service/room_admin.h"
#include "server/service/room_fit.h"
#include "server/store/content_database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

// What a room is made of, for whoever creates or changes one.

/// A room together with what decides about it.
struct FoundRoom {
    KnownRoom room;
    KnownCategory category;
    Rights rights;
};

bool administers(const Person& person);
Result<KnownCategory> category_named(ContentTransaction& tx, std::string_view name);
/// Fails as for a room that does not exist when the caller may not see it.
Result<FoundRoom> seen_room(ContentTransaction& tx, const AdminCall& call, std::string_view text);
Result<void> may_create(const AdminCall& call, const KnownCategory& category);
/// `id`: whose name it may be already.
Result<void> check_room_name_free(
    ContentTransaction& tx, const AdminCall& call, RoomId id, const std::string& name
);
Result<std::optional<Addin>> addin_named(ContentTransaction& tx, const std::string& text);
std::string addin_name(const Directory& directory, const Room& room);
/// Writes the fields that stand for themselves into the room.
Result<void> put_room_settings(
    ContentTransaction& tx, const AdminCall& call, const RoomFields& fields, RoomChange& out
);
Result<NamedInRoom> put_room_lists(
    PrincipalLookup& lookup, const RoomFields& fields, KnownRoom& room
);
std::vector<RoleEntry> role_entries(const KnownRoom& room);
}  // namespace pchat
