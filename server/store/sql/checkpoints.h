// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <memory>

namespace pchat::sql {

/// Folds SQLite's write-ahead log into its file while others go on writing. Left to SQLite, the
/// commit that makes the log too long does it, and whoever waits for that commit waits for it all.
class Checkpoints {
public:
    /// Of a target whose sessions leave it to this.
    explicit Checkpoints(const Target& target);
    ~Checkpoints();
    Checkpoints(const Checkpoints&) = delete;
    Checkpoints& operator=(const Checkpoints&) = delete;

    /// As far as can be done without keeping anybody waiting; called by a clock.
    Result<void> fold();

private:
    struct Link;
    std::string file_;
    std::unique_ptr<Link> link_;  // none before the first time, and after an error
};

}  // namespace pchat::sql
