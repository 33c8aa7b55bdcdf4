// SPDX-License-Identifier: Apache-2.0
#include "server/service/access_path.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>

namespace pchat {
namespace {

struct Reached {
    PrincipalId id;
    std::size_t from = 0;  // its place in the list; of the first: its own
};

std::vector<std::string> written_back(
    const DirectoryState& state, const std::vector<Reached>& reached, std::size_t at
) {
    std::vector<std::string> out;
    for (;; at = reached[at].from) {
        if (const KnownPrincipal* one = state.principal(reached[at].id))
            out.push_back(one->written());
        if (at == 0)
            break;
    }
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace

std::vector<std::string> path_up(
    const DirectoryState& state, PrincipalId from, PrincipalId to, Through through
) {
    std::vector<Reached> reached{{from, 0}};
    std::unordered_set<PrincipalId> seen{from};
    for (std::size_t at = 0; at < reached.size(); ++at) {
        if (reached[at].id == to)
            return written_back(state, reached, at);
        const KnownPrincipal* one = state.principal(reached[at].id);
        if (one == nullptr || (through == Through::active && one->state != PrincipalState::active))
            continue;
        for (const PrincipalId parent : one->parents)
            if (seen.insert(parent).second)
                reached.push_back({parent, at});
    }
    const KnownPrincipal* last = state.principal(to);
    if (last == nullptr || last->kind != PrincipalKind::system)
        return {};
    std::vector<std::string> out = written_back(state, reached, 0);
    out.push_back(last->written());
    return out;
}

}  // namespace pchat
