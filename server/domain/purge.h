// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"
#include "server/domain/room.h"

#include <compare>
#include <string>

namespace pchat {

/// A change that took entries off the lists of rooms because they no longer fit.
struct Purge {
    PurgeId id;
    std::string uuid;
    Microseconds at = 0;
    PrincipalId actor;
    std::string action;       // of the change, as the audit log names it
    std::string object_name;  // of the category or room that was changed
};

/// What it took, and nobody has put back yet.
struct PurgedRole {
    PurgeId purge;
    RoomId room;
    RoomRole role = RoomRole::member;
    PrincipalId principal;

    friend auto operator<=>(const PurgedRole&, const PurgedRole&) = default;
};

}  // namespace pchat
