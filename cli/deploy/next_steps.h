// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "cli/deploy/chosen_pool.h"
#include "cli/deploy/render_node.h"
#include "cli/published_topology.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// A pool as it is seen from here, once its machines are as they shall be.
struct PoolSeen {
    bool new_context = false;  // where it is was not known before
    bool signed_in = false;
    Result<PublishedTopology> published;  // when somebody is signed in
};

/// Keeps the pool's context, and tells what is left to do.
Result<void> keep_and_tell(Context& ctx, const ChosenPool& chosen, const PoolSecrets& secrets);

/// Asks a server of the pool, as whoever is signed in in its context. Takes a few seconds at most.
Result<PoolSeen> look_at_pool(Context& ctx, const topology::Pool& pool, bool new_context);

/// Lines for people: what is left to do until the pool goes by this topology. None: it does.
std::vector<std::string> next_steps(const PoolSeen& seen, const ChosenPool& chosen);

}  // namespace pchat::cli
