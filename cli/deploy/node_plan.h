// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/node_change.h"
#include "cli/deploy/node_found.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

// What a deployment would do to a node: from what it shall have and what it has. Pure; the dry run
// and the run go by the same plan.
namespace pchat::cli {

/// A file that will be another, with a sign: '+' made, '~' changed, '-' taken away.
struct FileStep {
    char sign = '~';
    std::string path;
    std::string why;  // "content", "owner root:root, not pchat:pchat"; empty for new ones
};

struct NodePlan {
    std::string node;
    bool standby = false;
    std::string release;      // that it shall have
    std::string old_release;  // that is in force; may be empty
    bool upload = false;      // the release is not there
    bool stage = false;       // the change is not in force
    std::vector<FileStep> files;
    std::vector<std::string> services;  // "pchatd is failed", "release R: bin/pchatd is missing"
    std::string left_behind;            // an activation that was cut off; what becomes of it
    std::vector<NodePort> ports;        // for whoever sets up a firewall

    /// Whether there is anything to do.
    [[nodiscard]] bool changes() const;
};

NodePlan plan_node(
    const NodeWant& want, const NodeChange& change, const NodeFound& found, bool standby
);

/// With + ~ - for each node, and a count.
std::string plan_text(const std::vector<NodePlan>& plans, std::int64_t bundle_bytes);
nlohmann::ordered_json plan_json(const std::vector<NodePlan>& plans);

}  // namespace pchat::cli
