// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/node_found.h"
#include "cli/deploy/preflight.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

// What a roll-back would do: from what the machines have in force and keep. Pure; the dry run and
// the run go by the same plan.
namespace pchat::cli {

/// A machine and what it said.
struct BackNode {
    std::string name;
    const NodeFound* found = nullptr;
};

/// What becomes of one machine.
struct BackStep {
    std::string node;
    std::string old_release;  // in force
    std::string release;      // afterwards
    std::string change;       // to be put in force; empty: it has what it shall have
    bool before = false;      // it is the one before the one in force
};

/// All machines come to one release. `to` names it; else it is the one that those are on that went
/// there already, or the one that all had before. Errc::conflict where that is not one and the
/// same, Errc::not_found where a machine does not keep it.
Result<std::vector<BackStep>> plan_back(const std::vector<BackNode>& nodes, const std::string& to);

/// Whether the release that they come to knows the databases as the one in force has made them.
Finding judge_way_back(const std::vector<BackNode>& nodes, const std::vector<BackStep>& steps);

std::string back_text(const std::vector<BackStep>& steps);
nlohmann::ordered_json back_json(const std::vector<BackStep>& steps);

}  // namespace pchat::cli
