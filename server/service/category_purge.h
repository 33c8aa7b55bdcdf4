// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/principal_lookup.h"

#include <vector>

namespace pchat {

struct CategoryPurge {
    std::vector<Purged> purged;   // as it is told
    std::vector<RoleEntry> lost;  // as it can be put back
};

/// Takes whom a category no longer allows off the lists of its rooms, with the invitations that the
/// change itself has sent them.
Result<CategoryPurge> purge_category(
    Chat& chat,
    Change& change,
    const AdminCall& call,
    PrincipalLookup& lookup,
    const KnownCategory& category
);

}  // namespace pchat
