// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/user_admin.h"

#include <string_view>

namespace pchat {

/// By address or id; not who is gone.
Result<UserFacts> find_living_user(ContentTransaction& tx, std::string_view user);

/// Takes a user who leaves off all lists, out of all groups and policies, and forgets what it
/// signed in by, so that nothing names somebody who cannot come back.
Result<void> forget_rights(Change& change, const UserFacts& user);

}  // namespace pchat
