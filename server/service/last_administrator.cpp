// SPDX-License-Identifier: Apache-2.0
#include "server/service/last_administrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pchat {
namespace {

bool administers(const UserFacts& user) {
    return std::find(user.roles.begin(), user.roles.end(), AdminRole::administrator) !=
           user.roles.end();
}

bool acts(const UserFacts& user) {
    return user.user.state == PrincipalState::active && administers(user);
}

}  // namespace

Result<void> wait_for_other_administrators(Change& change, const UserFacts& before) {
    return administers(before) ? change.take_turn("administrators_at") : Result<void>{};
}

Result<void> not_the_last_administrator(
    Change& change, const UserFacts& before, const UserFacts& after
) {
    if (!acts(before) || acts(after))
        return {};
    std::vector<PrincipalId> granted;
    PrincipalStore& store = change.tx().principals();
    const Result<void> seen = store.each_role([&](const AdminGrant& grant) {
        if (grant.role == AdminRole::administrator && grant.principal != after.user.id)
            granted.push_back(grant.principal);
        return Result<void>{};
    });
    if (!seen)
        return seen;
    // A group may be empty: only users count.
    for (const PrincipalId id : granted) {
        const auto other = store.find(id);
        if (!other)
            return pass(other.error());
        if (*other && (*other)->kind == PrincipalKind::user &&
            (*other)->state == PrincipalState::active)
            return {};
    }
    return fail_as(
        "last-administrator",
        Errc::conflict,
        fmt::format("sip:{} is the last active administrator", after.user.name),
        "make somebody else administrator first",
        "user"
    );
}

}  // namespace pchat
