// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/bundle.h"
#include "cli/deploy/node_found.h"
#include "cli/deploy/render_node.h"
#include "topology/rules/directory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What must hold before anything is changed on a node. Pure: who judges has asked the nodes before.
namespace pchat::cli {

enum class Verdict : std::uint8_t { good, warning, bad, skipped };
std::string_view to_string(Verdict verdict);

/// One check on one node, or on the pool where `node` is empty.
struct Finding {
    std::string node;
    std::string check;  // "disk"
    Verdict verdict = Verdict::good;
    std::string message;
    std::string hint;
};

/// A check that can be named and skipped.
struct Check {
    std::string_view name;
    std::string_view what;  // "room for the release and the data"
};
const std::vector<Check>& checks();

/// A node and how it answered.
struct Asked {
    const topology::Machine* machine = nullptr;
    NodeFound found;
    double clock_ahead = 0;  // seconds, of this machine's
    double uncertain = 0;    // by so much
    std::string mark;        // in the store: "left", "found", or why not; empty: nobody asked
};

struct Preflight {
    const topology::Directory& topology;
    const topology::Pool& pool;
    const PoolSecrets& secrets;
    const Bundle& bundle;
    std::int64_t now = 0;  // seconds since the epoch
};

/// All findings on one node, good ones too, in the order of checks().
std::vector<Finding> judge_node(const Preflight& preflight, const Asked& asked);
/// What only several nodes together show.
std::vector<Finding> judge_together(const Preflight& preflight, const std::vector<Asked>& nodes);

/// Turns what was found by these checks into skipped. Errc::usage for a name that is none.
Result<void> skip(std::vector<Finding>& findings, const std::vector<std::string>& names);

}  // namespace pchat::cli
