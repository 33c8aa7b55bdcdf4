// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/stage.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pchat::net {

class Connection;
class IoThread;

/// When the connections of a thread write. A call of the kernel costs far more than what it
/// carries, so frames for one connection that come close together should leave together:
/// - what was queued in a turn is written behind all that was ready to run by then;
/// - after a long flush the next one waits as long as that one took, at most the gather time: a
///   thread that fans out much spends the pause collecting, and one that answers now and then has
///   no pause worth mentioning;
/// - a flush of very many goes in portions, between which the thread does what else there is to do.
///   A few that are queued meanwhile are written before the rest of the many, also when they are
///   among them. A portion ends when its time is over: where each write wakes its reader, it takes
///   five times as long as where nobody reads.
class FlushTurn {
public:
    FlushTurn(
        IoThread& thread,
        std::chrono::microseconds gather_time,
        std::chrono::microseconds portion_time
    );

    /// Whoever has been added since this number changed last need not be added again.
    [[nodiscard]] std::uint64_t number() const { return number_; }
    void add(std::shared_ptr<Connection> dirty);

    static constexpr std::size_t portion = 128;       // connections, at most
    static constexpr std::size_t looks_at_clock = 8;  // of them, at least

private:
    void schedule();
    void run();
    void write_portion();
    void take_dirty(std::vector<std::shared_ptr<Connection>>& into);

    IoThread& thread_;
    std::chrono::microseconds gather_time_;
    std::chrono::microseconds portion_time_;
    std::uint64_t number_ = 1;
    std::vector<std::shared_ptr<Connection>> dirty_;
    std::vector<std::shared_ptr<Connection>> running_;
    std::vector<std::shared_ptr<Connection>> few_;
    std::size_t written_ = 0;  // of the running ones
    SteadyTime last_end_{};
    SteadyTime::duration cost_{};  // of the running ones so far
    SteadyTime::duration last_cost_{};
    bool due_ = false;
};

}  // namespace pchat::net
