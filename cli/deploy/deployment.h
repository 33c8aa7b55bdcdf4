// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "cli/deploy/chosen_pool.h"
#include "cli/deploy/deploy_flags.h"
#include "cli/deploy/pool_lock.h"
#include "cli/deploy/survey.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// Which machines a command is about, and how it gets there.
struct DeployTarget {
    std::string pool;     // or
    std::string machine;  // one of them alone
    std::string file;
    SshFlags ssh;
};

/// A pool and the ways to its machines.
struct Deployment {
    std::unique_ptr<ChosenPool> chosen;
    MachineLinks links;
    std::vector<Surveyed> nodes;
    std::vector<std::unique_ptr<NodeWay>> others;  // of the pool, to which nothing is done

    [[nodiscard]] const topology::Pool& pool() const { return *chosen->pool; }
    [[nodiscard]] std::vector<NodeWay*> ways() const;
    /// In the order of a roll-out: standby before active, then by name.
    [[nodiscard]] std::vector<NodeWay*> ways_in_order() const;
};

/// Reads the topology; nobody is asked yet.
Result<std::unique_ptr<Deployment>> open_deployment(Context& ctx, const DeployTarget& target);

/// Locks these machines, and with them the whole pool: two who deploy one machine each would
/// disturb the users of both. Others that cannot be locked are told of and passed over.
Result<std::unique_ptr<PoolLock>> lock_pool(
    Context& ctx, const Deployment& deployment, const std::vector<NodeWay*>& ways, LockWish wish
);

/// The nodes that could not be asked, each on a line of stderr; whether there are any.
bool tell_unreached(Context& ctx, const std::vector<Surveyed>& nodes);

/// `--within`: how long a node may take to get ready.
struct WithinFlag {
    std::string text;

    void declare(Args& args);
    [[nodiscard]] Result<std::chrono::seconds> read() const;
};

/// A time span of a flag; `usual` where it is not given.
Result<std::chrono::seconds> span_of(
    std::string_view flag, const std::string& text, std::chrono::seconds usual
);

}  // namespace pchat::cli
