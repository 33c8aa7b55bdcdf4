// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/bundle.h"
#include "cli/deploy/node_plan.h"
#include "cli/deploy/node_way.h"
#include "cli/deploy/rollout_view.h"
#include "cli/deploy/way_back.h"
#include "server/service/first_administrator.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pchat::cli {

/// What became of one node.
struct NodeResult {
    enum class End : std::uint8_t {
        unchanged,  // there was nothing to do
        done,
        undone,  // it did not get ready: what was before is in force again
        failed,
        left,       // whoever waited for it was asked to end; it goes on by itself
        not_begun,  // the roll-out stopped before it
        left_out,   // nobody got there, and that was passed over
    };
    std::string node;
    End end = End::not_begun;
    std::string release;  // in force now, as far as known
    std::string text;     // why
    std::string hint;
    std::vector<std::string> log;  // of services that did not get ready
    std::chrono::milliseconds took{0};
};
std::string_view to_string(NodeResult::End end);

/// One node's part of a roll-out.
struct NodeTask {
    NodeWay* way = nullptr;
    NodePlan plan;
    NodeChange change;
    std::vector<std::string> folders;  // which the server may write into
    std::string local_databases;       // "POOL", "POOL/compliance": that are files there
    std::string topology;              // which says where they are
};

struct RolloutWish {
    std::string pool;
    const Bundle* bundle = nullptr;
    std::string owner;                 // who does it, word for word the same in lock and journal
    std::string run;                   // its own name
    std::chrono::seconds within{120};  // for a node to be ready
    std::chrono::seconds pause{0};     // after a node, before the next
    const FirstAdministrator* admin = nullptr;  // of databases that are local; none: nobody is made
    std::function<bool()> stop = [] { return false; };          // whether somebody asked to end
    std::function<bool()> stop_at_once = [] { return false; };  // and asked again
    std::function<Result<void>()> locked = [] { return Result<void>{}; };  // as far as is known
};

/// Sends and stages on all nodes at once; then puts it in force on one after the other, in
/// the order of the tasks: the first is the canary. A node that does not get ready goes back by
/// itself, and the rest is not begun; nor is it when the lock is lost. Whatever cuts this off, each
/// node runs the old or the new, and the next run finishes it.
std::vector<NodeResult> roll_out(
    const RolloutWish& wish, std::vector<NodeTask>& tasks, RolloutView& view
);

/// Makes what the node lacks of the databases that are files of its own, and of who administers
/// them. The node has the release.
Result<void> provision_there(const RolloutWish& wish, const NodeTask& task);

/// One node's part of a roll-back.
struct BackTask {
    NodeWay* way = nullptr;
    BackStep step;
};

/// What was before, on one node after the other.
std::vector<NodeResult> roll_back(
    const RolloutWish& wish, const std::vector<BackTask>& tasks, RolloutView& view
);

}  // namespace pchat::cli
