// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/preflight.h"
#include "server/store/sql/admin.h"

#include <functional>
#include <vector>

namespace pchat::cli {

/// Asks a database; tests have their own.
using StatusOf =
    std::function<Result<sql::Status>(const sql::Target& target, sql::Purpose purpose)>;

/// How each database of a pool stands to the release in the bundle. Those on servers are asked from
/// here; of those that are files of a node the release in force there tells.
std::vector<Finding> judge_schema(
    const PoolSecrets& secrets,
    const Bundle& bundle,
    const std::vector<Asked>& nodes,
    const StatusOf& status_of = sql::database_status
);

}  // namespace pchat::cli
