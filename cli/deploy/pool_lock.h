// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "base/result.h"
#include "cli/deploy/node_way.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pchat::cli {

struct LockWish {
    std::string owner;
    bool by_force = false;              // from whoever has it
    std::vector<NodeWay*> others = {};  // locked as well, where they can be reached
    std::chrono::milliseconds touched_every = std::chrono::seconds{30};
};

/// The locks of machines. A thread says now and then that their owner lives, over links of its own,
/// since the others may be busy for long.
class PoolLock {
public:
    /// Takes all locks, one after the other in the same order everywhere, or none.
    static Result<std::unique_ptr<PoolLock>> take(
        const std::vector<NodeWay*>& ways, const LockWish& wish
    );
    ~PoolLock();
    PoolLock(const PoolLock&) = delete;
    PoolLock& operator=(const PoolLock&) = delete;
    PoolLock(PoolLock&&) = delete;
    PoolLock& operator=(PoolLock&&) = delete;

    /// Errc::conflict when the thread has seen that another one has a lock now, or nobody.
    [[nodiscard]] Result<void> kept() const;
    /// Why some of the others are not locked.
    [[nodiscard]] const std::vector<std::string>& passed_over() const { return passed_over_; }

private:
    explicit PoolLock(const LockWish& wish)
        : owner_(wish.owner), touched_every_(wish.touched_every) {}

    Result<void> take_one(NodeWay& way, bool by_force);
    void keep();

    std::string owner_;
    std::chrono::milliseconds touched_every_;
    std::vector<NodeWay*> held_;
    std::vector<std::string> passed_over_;
    std::deque<NodeWay> touched_;  // of the thread
    Guarded<std::optional<Error>> lost_;
    std::mutex mutex_;
    std::condition_variable over_;
    bool ending_ = false;
    std::thread thread_;
};

/// Says that the owner lives. Errc::conflict when the lock is not its own any more.
Result<void> touch_lock(NodeWay& way, const std::string& owner);

/// What an answer of a machine means on which somebody else is at it.
Error lock_conflict(const NodeWay& way, const Said& said);

}  // namespace pchat::cli
