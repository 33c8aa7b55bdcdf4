// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/access.h"
#include "server/domain/id.h"

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

namespace pchat {

/// Two sides that must never be in one room.
struct Wall {
    WallId id;
    std::string uuid;
    std::string name_key;
    std::string name;
    std::string description;
    std::int64_t revision = 1;
    Microseconds created_at = 0;
    PrincipalId created_by;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
};

enum class WallFace : std::uint8_t { a = 1, b };

/// A principal on one side of a wall.
struct WallEntry {
    WallId wall;
    WallFace side = WallFace::a;
    PrincipalId principal;

    friend auto operator<=>(const WallEntry&, const WallEntry&) = default;
};

/// Somebody on one side of a wall.
struct WallPerson {
    PrincipalId id;
    AccessUser user;
};

/// One side of an ethical wall as one category sees it: whether any of its people may be in a room.
/// Looks at each person once for the category, then only at the lists of its rooms, so that a wall
/// between thousands of people is proved over tens of thousands of rooms.
class WallSide {
public:
    WallSide(std::span<const WallPerson> people, const AccessCategory& category);

    /// Nobody of this side may be in any room of the category.
    [[nodiscard]] bool shut_out() const { return !anybody_; }
    /// One of the side who may join the room, if there is any.
    [[nodiscard]] std::optional<PrincipalId> admitted_to(const AccessRoom& room) const;

private:
    std::optional<PrincipalId> anybody_;
    // For each principal that stands for somebody in the category's scope: one whom it stands for.
    std::unordered_map<PrincipalId, PrincipalId> stands_for_;
};

}  // namespace pchat
