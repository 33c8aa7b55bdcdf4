// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/render_node.h"
#include "topology/rules/directory.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// What a node shall look at besides what it tells anyway, in the words of the program there: the
/// files that it has, those that it shall have, names, ports, folders and databases.
std::string question_for(
    const topology::Directory& topology,
    const topology::Pool& pool,
    const topology::Machine& machine,
    const PoolSecrets& secrets,
    const std::vector<std::string>& files
);

}  // namespace pchat::cli
