// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "cli/deploy/preflight.h"
#include "cli/deploy/rollout.h"
#include "cli/deploy/survey.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace pchat::cli {

/// What is not good, on stderr; whether nothing is bad.
bool tell_findings(Context& ctx, const std::vector<Finding>& findings);
nlohmann::ordered_json findings_json(const std::vector<Finding>& findings);

/// One summary of all nodes; `then` is what to do where it was stopped. Fails silently when one of
/// them failed: Errc::some_failed where others are as they shall be.
Result<void> print_results(
    Context& ctx,
    const std::vector<NodeResult>& results,
    const std::string& then = "pchatctl deploy status tells what each of them runs"
);

/// Ends a command whose checks failed. With `-o json` the one document on stdout is `document` with
/// the error in it.
Result<void> refuse(
    Context& ctx, const std::string& command, nlohmann::ordered_json document, const Error& error
);

/// The nodes that nobody got to, where that was passed over.
std::vector<NodeResult> left_out(const std::vector<Surveyed>& nodes);

/// The result of a node that nothing is done to.
NodeResult unchanged(const NodePlan& plan);

}  // namespace pchat::cli
