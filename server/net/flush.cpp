// SPDX-License-Identifier: Apache-2.0
#include "server/net/flush.h"

#include "server/net/connection.h"
#include "server/net/io_pool.h"

#include <algorithm>
#include <utility>

namespace pchat::net {

using std::chrono::microseconds;
using std::chrono::steady_clock;

FlushTurn::FlushTurn(IoThread& thread, microseconds gather_time)
    : thread_(thread), gather_time_(gather_time) {}

void FlushTurn::add(std::shared_ptr<Connection> dirty) {
    dirty_.push_back(std::move(dirty));
    if (std::exchange(due_, true))
        return;
    const auto pause = std::min<steady_clock::duration>(last_cost_, gather_time_);
    const auto left =
        std::chrono::duration_cast<microseconds>(last_end_ + pause - steady_clock::now());
    if (left.count() <= 0)
        thread_.post([this] { run(); });
    else
        thread_.after(left, [this] { run(); });
}

void FlushTurn::run() {
    const SteadyTime begin = steady_clock::now();
    due_ = false;  // what is queued from here on belongs to the next turn
    running_.swap(dirty_);
    for (const auto& connection : running_)
        connection->end_turn();
    running_.clear();
    last_end_ = steady_clock::now();
    last_cost_ = last_end_ - begin;
}

}  // namespace pchat::net
