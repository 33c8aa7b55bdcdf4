// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/id.h"
#include "server/domain/principal.h"

#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pchat {

/// Who is in whom, to be walked downwards. Circles do no harm.
class Membering {
public:
    /// `everyone` holds all there are without an edge to each.
    Membering(std::span<const Membership> memberships, PrincipalId everyone);

    /// The principals themselves and all that is in them, directly or through others.
    [[nodiscard]] std::unordered_set<PrincipalId> below(
        std::span<const PrincipalId> principals, std::span<const PrincipalId> all
    ) const;

private:
    std::unordered_map<PrincipalId, std::vector<PrincipalId>> children_;
    PrincipalId everyone_;
};

/// What a principal must be below to be listed in a room, and what it must not be below.
struct ListingRule {
    std::span<const PrincipalId> allowed;  // by the category
    std::span<const PrincipalId> denied;   // by the category; wins
    bool must_belong = false;              // presenters of a closed auditorium are members of it
    std::span<const PrincipalId> members;
};

/// Of all principals those that may be listed, in the order in which they were given. Costs what it
/// takes to look once at every membership, whatever the number of principals.
std::vector<PrincipalId> eligible(
    std::span<const PrincipalId> all, const Membering& membering, const ListingRule& rule
);

}  // namespace pchat
