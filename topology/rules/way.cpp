// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/way.h"

#include <algorithm>

namespace pchat::topology {

const Machine* find_machine(const Pool& pool, const Text& fqdn) {
    const auto found =
        std::find_if(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
            return same_host(machine.fqdn, fqdn);
        });
    return found == pool.machines.end() ? nullptr : &*found;
}

Way make_way(const Directory& before, const Directory& after) {
    Way way{before, after, {}, {}, {}};
    const auto taken = [&](const Pool* pool) {
        return std::any_of(way.pools.begin(), way.pools.end(), [&](const PoolStep& step) {
            return step.before == pool;
        });
    };
    for (const Pool& pool : after.spec().pools)
        if (const Pool* same = before.pool(pool.fqdn); same != nullptr && !taken(same))
            way.pools.push_back({same, &pool});
    for (const Pool& pool : after.spec().pools) {
        if (before.pool(pool.fqdn) != nullptr)
            continue;
        const Pool* old = stated(pool.renamed_from) ? before.pool(pool.renamed_from) : nullptr;
        if (old != nullptr && !taken(old))
            way.pools.push_back({old, &pool});
        else
            way.added.push_back(&pool);
    }
    for (const Pool& pool : before.spec().pools)
        if (!taken(&pool))
            way.removed.push_back(&pool);
    return way;
}

std::span<const Rule> transition_rules() {
    static const std::vector<Rule> all = [] {
        std::vector<Rule> rules;
        for (const std::span<const WayRule> family :
             {pool_way_rules(), name_way_rules(), store_way_rules()})
            for (const WayRule& rule : family)
                rules.push_back(rule.rule);
        std::stable_sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) {
            return a.id < b.id;
        });
        return rules;
    }();
    return all;
}

}  // namespace pchat::topology
