// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/group_admin.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

// Groups within a transaction.

/// group:NAME, the bare name, the full DN or the id; not who is gone.
Result<GroupFacts> find_living_group(ContentTransaction& tx, std::string_view group);

/// How `group` is below `above`, from above downwards with both ends; empty when it is not.
Result<std::vector<PrincipalId>> path_down(
    ContentTransaction& tx, PrincipalId above, PrincipalId group
);

/// Takes a group off all lists, out of all groups, and its admin roles away: what went.
Result<std::vector<TakenAway>> forget_group(Change& change, const GroupFacts& group);

}  // namespace pchat
