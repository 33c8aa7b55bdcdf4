// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/changes.h"
#include "server/service/directory.h"

#include <cstddef>
#include <unordered_map>

namespace pchat {

/// A change tells no more users than these of a room; the others find it in the list.
constexpr std::size_t most_invited = 10'000;

/// Writes an invitation for each user to whom a change has opened the room: those of new members,
/// and all whom the category allows when the room is new and open. Groups are expanded. `before`
/// is null for a new room. They are told once the change is in force. How many there are.
Result<std::size_t> invite(
    Change& change,
    const Directory& directory,
    PrincipalId by,
    const KnownCategory& category,
    const KnownRoom* before,
    const KnownRoom& after
);

/// Takes back what the change itself has sent to users whom it then shuts out of the category.
/// `rooms`: those of the category, as the change leaves them.
Result<void> uninvite(
    Change& change,
    const Directory& directory,
    const KnownCategory& category,
    const std::unordered_map<RoomId, KnownRoom>& rooms
);

}  // namespace pchat
