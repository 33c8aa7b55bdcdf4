// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/category_admin.h"
#include "server/service/room_admin.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace pchat {

/// Rooms as they are and as they would be, or beside others; copies, so that nothing is locked
/// while many users are looked at.
struct AccessScenario {
    struct Pair {
        KnownRoom before;
        KnownRoom after;
        bool differ = false;  // themselves; else only whom the category lets in may differ
    };

    KnownCategory before;
    KnownCategory after;
    std::vector<Pair> rooms;     // by name
    std::vector<Purged> purged;  // entries of lists that the change would take away
};

// All wait. The first two go the way of the change itself as a dry run, and are refused like it;
// who may look at all settings may ask.

/// Only lists may differ.
Result<AccessScenario> foresee_category(
    Changes& changes, const AdminCall& call, std::string_view category, const CategoryFields& fields
);
Result<AccessScenario> foresee_room(
    Changes& changes, const AdminCall& call, std::string_view room, const RoomFields& fields
);
Result<AccessScenario> rooms_beside(
    const DirectoryState& state, std::string_view first, std::string_view second
);

struct AccessDifference {
    PrincipalId user;
    std::size_t room = 0;  // of the scenario's
    Rights before;
    Rights after;
};
struct AccessDifferences {
    std::vector<AccessDifference> shown;  // by user, then room
    std::size_t count = 0;                // of all, also those not shown
    std::size_t users = 0;
    bool complete = true;  // no: the work was broken off, there may be more
};
constexpr std::size_t most_decisions = 2'000'000;  // about a second
/// Active users whose rights differ, up to `most` in full. Waits, and stops after so many
/// decisions.
AccessDifferences differences(
    const Directory& directory,
    const AccessScenario& scenario,
    std::size_t most,
    std::size_t decisions = most_decisions
);

}  // namespace pchat
