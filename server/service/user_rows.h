// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/leave_lists.h"
#include "server/service/user_admin.h"

#include <string_view>
#include <vector>

namespace pchat {

/// By address or id; not who is gone.
Result<UserFacts> find_living_user(ContentTransaction& tx, std::string_view user);

/// Takes a user who leaves off all lists, out of all groups and policies, and forgets what it
/// signed in by: what went. Of who may come back the bars stay.
Result<std::vector<TakenAway>> forget_rights(Change& change, const UserFacts& user, Bars bars);

}  // namespace pchat
