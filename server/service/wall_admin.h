// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/principal_lookup.h"
#include "server/service/wall_proof.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a new wall is to be, or what of a wall is to change.
struct WallFields {
    std::optional<std::string> name;
    std::optional<std::string> description;
    ListChange a;
    ListChange b;
};

/// The wall as the change leaves it, or would; of one that was removed, what it was.
struct WallChange {
    KnownWall wall;
    bool made = false;
};

// All wait; the caller has asked for the role.

/// Makes it when there is none. Refused when a room lets in both sides already. Nothing is written
/// when nothing differs.
Result<WallChange> put_wall(
    Changes& changes, const AdminCall& call, std::string_view wall, const WallFields& fields
);
Result<WallChange> remove_wall(Changes& changes, const AdminCall& call, std::string_view wall);
/// Within a change of several, which runs alone (Turn::alone).
Result<WallChange> put_wall(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view wall,
    const WallFields& fields
);
Result<WallChange> remove_wall(
    Changes& changes, Change& change, const AdminCall& call, std::string_view wall
);

/// Whether two sides can share a room now, asked of every room.
struct WallAnswer {
    std::size_t a = 0;  // people
    std::size_t b = 0;
    std::size_t rooms = 0;
    std::optional<WallBreach> breach;
};
WallAnswer prove_wall(
    const DirectoryState& state, std::vector<PrincipalId> a, std::vector<PrincipalId> b
);
/// The same of walls that are there: one answer each.
std::vector<WallAnswer> prove_walls(const DirectoryState& state, std::span<const KnownWall> walls);

/// By name or uuid.
Result<KnownWall> wall_named(const DirectoryState& state, std::string_view wall);

}  // namespace pchat
