// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/taken_away.h"

#include <vector>

namespace pchat {

/// What keeps a principal out, or apart from others: denials and sides of walls.
enum class Bars { go, stay };

/// Takes a principal off the lists of all rooms, categories and walls, touches them and appends
/// what went.
Result<void> leave_lists(
    Change& change, PrincipalId principal, Bars bars, std::vector<TakenAway>& out
);
/// Out of the groups that it is in.
Result<void> leave_groups(Change& change, PrincipalId principal, std::vector<TakenAway>& out);

}  // namespace pchat
