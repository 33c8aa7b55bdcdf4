// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "cli/deploy/render_node.h"

#include <string>

namespace pchat::cli {

/// Keeps where a pool is and whom it is trusted by, under its name, as `pchatctl login` does it;
/// whoever is signed in there stays so, and an authority that somebody named is kept where the pool
/// names none. Whether something was written.
Result<bool> keep_pool_context(
    Context& ctx, const topology::Pool& pool, const PoolSecrets& secrets
);

}  // namespace pchat::cli
