// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/bundle.h"
#include "cli/deploy/chosen_pool.h"
#include "cli/deploy/node_change.h"
#include "cli/deploy/node_plan.h"
#include "cli/deploy/node_way.h"
#include "cli/deploy/preflight.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// One node of a survey.
struct Surveyed {
    std::unique_ptr<NodeWay> way;
    std::optional<Asked> asked;  // none: nobody got there, and `finding` says why
    std::optional<Finding> finding;
};

/// Asks all nodes at once what they are and have. `files` are looked at besides those that a node
/// of the pool has.
void survey(const ChosenPool& chosen, const PoolSecrets& secrets, std::vector<Surveyed>& nodes);

/// The same again, now that they are locked: those that were asked before. Errc::conflict where
/// something was put in force since, so that what was planned and agreed to is not what would be
/// done.
Result<void> survey_again(
    const ChosenPool& chosen, const PoolSecrets& secrets, std::vector<Surveyed>& nodes
);

/// Asks all nodes at once what they have and keep: no secret has to be read for that.
void look_around(std::vector<Surveyed>& nodes);

/// Lets one node leave a mark in the pool's file store, and all others look for it.
void compare_stores(const ChosenPool& chosen, std::vector<Surveyed>& nodes);

/// Why nobody got there, as a check has its name.
Finding unreached(const std::string& node, const Error& error);

/// What a node shall have, once it is known what starts services there.
struct Wanted {
    NodeWant want;
    NodeChange change;
};
Result<Wanted> wanted_on(
    const ChosenPool& chosen,
    const PoolSecrets& secrets,
    const std::string& release,
    const Asked& node
);

/// The words after `pchatctl test ready` that ask the server on its own machine.
std::vector<std::string> ready_probe(
    const topology::Pool& pool, const topology::Machine& machine, const PoolSecrets& secrets
);

struct Health {
    std::string state;  // "ready", "standby", "draining", "not ready", "unknown"
    std::string why;    // it is not ready
};
/// How the server on a node says that it is, asked there by what is in force, as the roll-out did.
Health health_of(NodeWay& way);

}  // namespace pchat::cli
