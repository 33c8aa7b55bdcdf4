// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <algorithm>
#include <cstdint>

namespace pchat {

/// A user with everything above it, and the roles that come with it; without what policies say.
/// `find` gives the KnownPrincipal of a number, or null: of a directory as it is, or as a change
/// would leave it.
template <class Find>
Person person_of(PrincipalId id, PrincipalId everyone, const Find& find) {
    Person out;
    out.id = id;
    const KnownPrincipal* self = find(id);
    if (self == nullptr)
        return out;
    out.state = self->state;
    out.affiliations.push_back(id);
    // Groups may contain each other in a circle: each is entered once.
    for (std::size_t next = 0; next < out.affiliations.size(); ++next) {
        const KnownPrincipal* one = find(out.affiliations[next]);
        if (one == nullptr || one->state != PrincipalState::active)
            continue;
        out.roles = static_cast<std::uint8_t>(out.roles | one->roles);
        for (const PrincipalId parent : one->parents)
            if (std::find(out.affiliations.begin(), out.affiliations.end(), parent) ==
                out.affiliations.end())
                out.affiliations.push_back(parent);
    }
    if (everyone)
        out.affiliations.push_back(everyone);
    std::sort(out.affiliations.begin(), out.affiliations.end());
    return out;
}

/// Whether the policy that counts for the user switches chat on.
bool chat_enabled(
    const KnownPrincipal& user,
    const std::vector<Policy>& policies,
    const std::unordered_map<PrincipalId, PolicyId>& grants,
    const Home& home
);

}  // namespace pchat
