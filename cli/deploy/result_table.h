// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "cli/deploy/preflight.h"
#include "cli/deploy/rollout.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace pchat::cli {

/// What is not good, on stderr; whether nothing is bad.
bool tell_findings(Context& ctx, const std::vector<Finding>& findings);
nlohmann::ordered_json findings_json(const std::vector<Finding>& findings);

/// One summary of all nodes. Fails silently when one of them failed: Errc::some_failed where others
/// did not.
Result<void> print_results(Context& ctx, const std::vector<NodeResult>& results);

/// The result of a node that nothing is done to.
NodeResult unchanged(const NodePlan& plan);

}  // namespace pchat::cli
