// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "cli/deploy/authority.h"
#include "cli/deploy/render_node.h"
#include "topology/rules/directory.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Follows what the topology refers to: logins of databases, certificates, what the pool's own
/// authority gave out. References to files begin at `folder`. Messages name references, never what
/// they lead to.
Result<PoolSecrets> read_pool_secrets(
    const Context& ctx,
    const topology::Directory& topology,
    const topology::Pool& pool,
    const std::string& folder
);

/// Whether the pool needs an authority of its own: for its bus, or because no certificate is given.
bool needs_authority(const topology::Pool& pool);

/// The names that a machine's certificate must hold for: its own, the pool's, its addresses.
CertifiedMachine certified_machine(const topology::Pool& pool, const topology::Machine& machine);

}  // namespace pchat::cli
