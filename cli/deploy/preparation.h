// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/admin_choice.h"
#include "cli/deploy/bundle.h"
#include "cli/deploy/deployment.h"
#include "cli/deploy/rollout.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// What is to be deployed, and where.
struct PreparationWish {
    DeployTarget target;
    std::string bundle;
    std::vector<std::string> skip;  // checks
    AdminChoice admin;
};

/// What was found and what would be done, for plan and run alike.
struct Prepared {
    std::unique_ptr<Deployment> deployment;
    PoolSecrets secrets;
    std::optional<FirstAdministrator> admin;
    Bundle bundle;
    std::vector<Finding> findings;
    std::vector<NodeTask> tasks;  // in the order of the roll-out

    [[nodiscard]] std::vector<NodePlan> plans() const {
        std::vector<NodePlan> out;
        for (const NodeTask& task : tasks)
            out.push_back(task.plan);
        return out;
    }
};

/// Reads all that is needed here; asks no machine yet.
Result<std::unique_ptr<Prepared>> prepare(Context& ctx, const PreparationWish& wish);

/// The checks on all nodes; false when one of them failed, which was told.
Result<bool> preflight(Context& ctx, const PreparationWish& wish, Prepared& prepared);

/// What would be done on each node that was asked.
Result<void> make_tasks(Prepared& prepared);

/// What was found and what would be done, for programs.
nlohmann::ordered_json document_of(const Prepared& prepared);

/// Why nothing was changed, when checks failed.
Error refusal(const Prepared& prepared);

}  // namespace pchat::cli
