// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/stage.h"

#include <chrono>
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
///   no pause worth mentioning.
class FlushTurn {
public:
    FlushTurn(IoThread& thread, std::chrono::microseconds gather_time);

    void add(std::shared_ptr<Connection> dirty);

private:
    void run();

    IoThread& thread_;
    std::chrono::microseconds gather_time_;
    std::vector<std::shared_ptr<Connection>> dirty_;
    std::vector<std::shared_ptr<Connection>> running_;
    SteadyTime last_end_{};
    SteadyTime::duration last_cost_{};
    bool due_ = false;
};

}  // namespace pchat::net
