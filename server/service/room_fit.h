// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/admin_call.h"
#include "server/service/principal_lookup.h"

#include <vector>

namespace pchat {

/// Whom a change itself puts on a room's lists; each ascending.
struct NamedInRoom {
    std::vector<PrincipalId> members;
    std::vector<PrincipalId> managers;
    std::vector<PrincipalId> presenters;
};

/// Makes the lists of a room obey the rules: everybody is allowed in the category, an open room has
/// no members, presenters are members of an auditorium. What the change itself asks for must obey
/// them, or it fails; what was there before and no longer does goes, and is told.
Result<std::vector<Purged>> fit_lists(
    PrincipalLookup& lookup,
    const KnownCategory& category,
    KnownRoom& room,
    const NamedInRoom& named
);

}  // namespace pchat
