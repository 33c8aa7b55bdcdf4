// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/directory.h"
#include "topology/rules/report.h"
#include "topology/rules/rules.h"
#include "topology/transition.h"

#include <span>
#include <string>
#include <vector>

namespace pchat::topology {

/// One pool in both documents, under one name or renamed.
struct PoolStep {
    const Pool* before;
    const Pool* after;
};

/// Two documents side by side, as the transition rules see them. Borrows both directories.
struct Way {
    const Directory& before;
    const Directory& after;
    std::vector<PoolStep> pools;
    std::vector<const Pool*> added;
    std::vector<const Pool*> removed;
};

/// A pool keeps its identity under the same name; else `renamedFrom` carries it over, when that
/// names a pool that is gone.
Way make_way(const Directory& before, const Directory& after);

/// The pool's machine of this name, if any.
const Machine* find_machine(const Pool& pool, const Text& fqdn);

/// Where a transition rule puts what it found.
struct WayReport {
    Report& findings;
    std::vector<Superseded>& supersedes;
};

/// A rule of the catalogue with its check on the way; Rule::check stays empty.
struct WayRule {
    Rule rule;
    void (*check)(const Way& way, WayReport& report);
};

std::span<const WayRule> pool_way_rules();   // way_of_pools.cpp   POOL-01, WAY-01, WAY-04
std::span<const WayRule> name_way_rules();   // way_of_names.cpp   WAY-06, WAY-07
std::span<const WayRule> store_way_rules();  // way_of_stores.cpp  WAY-02, -03, -05, -08, -09

}  // namespace pchat::topology
