// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/node_way.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {

/// Takes all locks, one after the other in the same order everywhere, or none.
class PoolLock {
public:
    static Result<std::unique_ptr<PoolLock>> take(
        const std::vector<NodeWay*>& ways, const std::string& owner, bool by_force
    );
    ~PoolLock();
    PoolLock(const PoolLock&) = delete;
    PoolLock& operator=(const PoolLock&) = delete;
    PoolLock(PoolLock&&) = delete;
    PoolLock& operator=(PoolLock&&) = delete;

    /// So that others see that it is alive.
    void touch();

private:
    PoolLock(std::string owner) : owner_(std::move(owner)) {}

    std::string owner_;
    std::vector<NodeWay*> held_;
};

/// "ann@desk 4711 81234": who, the process and when it began.
std::string lock_owner();
/// Whether that owner is a process of this machine that is gone.
bool is_gone(const std::string& owner);

}  // namespace pchat::cli
