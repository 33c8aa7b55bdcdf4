// SPDX-License-Identifier: Apache-2.0
#include "server/domain/eligible.h"

#include <algorithm>
#include <iterator>

namespace pchat {

Membering::Membering(std::span<const Membership> memberships, PrincipalId everyone)
    : everyone_(everyone) {
    for (const Membership& one : memberships)
        children_[one.parent].push_back(one.child);
}

std::unordered_set<PrincipalId> Membering::below(
    std::span<const PrincipalId> principals, std::span<const PrincipalId> all
) const {
    std::unordered_set<PrincipalId> out{principals.begin(), principals.end()};
    // Only by its own entry: a group does not hold all there are because `everyone` is in it.
    if (out.count(everyone_) != 0)
        out.insert(all.begin(), all.end());
    std::vector<PrincipalId> todo{principals.begin(), principals.end()};
    while (!todo.empty()) {
        const PrincipalId one = todo.back();
        todo.pop_back();
        const auto found = children_.find(one);
        if (found == children_.end())
            continue;
        for (const PrincipalId child : found->second)
            if (out.insert(child).second)
                todo.push_back(child);
    }
    return out;
}

std::vector<PrincipalId> eligible(
    std::span<const PrincipalId> all, const Membering& membering, const ListingRule& rule
) {
    const auto allowed = membering.below(rule.allowed, all);
    const auto denied = membering.below(rule.denied, all);
    const auto members = membering.below(rule.members, all);
    std::vector<PrincipalId> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](PrincipalId one) {
        return allowed.count(one) != 0 && denied.count(one) == 0 &&
               (!rule.must_belong || members.count(one) != 0);
    });
    return out;
}

}  // namespace pchat
