// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/user_admin.h"

namespace pchat {

/// Whoever may take an administrator away comes here before it looks at them, on whichever server:
/// two that each leave the other one's user as the last would leave none.
Result<void> wait_for_other_administrators(Change& change, const UserFacts& before);
/// Fails when nobody would be left who can make others administrators.
Result<void> not_the_last_administrator(
    Change& change, const UserFacts& before, const UserFacts& after
);

}  // namespace pchat
