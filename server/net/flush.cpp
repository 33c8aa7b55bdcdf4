// SPDX-License-Identifier: Apache-2.0
#include "server/net/flush.h"

#include "server/net/connection.h"
#include "server/net/io_pool.h"

#include <algorithm>
#include <utility>

namespace pchat::net {

using std::chrono::microseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t fetch_ahead = 3;

}  // namespace

FlushTurn::FlushTurn(IoThread& thread, microseconds gather_time, microseconds portion_time)
    : thread_(thread), gather_time_(gather_time), portion_time_(portion_time) {}

void FlushTurn::add(std::shared_ptr<Connection> dirty) {
    dirty_.push_back(std::move(dirty));
    schedule();
}

void FlushTurn::schedule() {
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

// What is queued from here on belongs to the next turn.
void FlushTurn::take_dirty(std::vector<std::shared_ptr<Connection>>& into) {
    into.swap(dirty_);
    ++number_;
}

// Also beside a few in every turn, so that a room of thousands gets on when small ones never end.
void FlushTurn::write_portion() {
    const SteadyTime over = steady_clock::now() + portion_time_;
    const std::size_t most = written_ + portion;
    do {
        const std::size_t end = std::min(running_.size(), written_ + looks_at_clock);
        for (; written_ < end; ++written_) {
            // Thousands are not in the cache, and waiting for each costs a tenth of writing.
            if (written_ + fetch_ahead < running_.size())
                __builtin_prefetch(running_[written_ + fetch_ahead].get());
            running_[written_]->end_turn();
        }
    } while (written_ < running_.size() && written_ < most && steady_clock::now() < over);
}

void FlushTurn::run() {
    const SteadyTime begin = steady_clock::now();
    if (running_.empty()) {
        take_dirty(running_);
    } else if (dirty_.size() <= portion) {
        take_dirty(few_);
        for (const auto& connection : few_)
            connection->end_turn();
        few_.clear();
    }
    write_portion();
    last_end_ = steady_clock::now();
    cost_ += last_end_ - begin;
    if (written_ < running_.size()) {
        thread_.post([this] { run(); });
        return;
    }
    running_.clear();
    written_ = 0;
    last_cost_ = std::exchange(cost_, {});
    due_ = false;
    if (!dirty_.empty())
        schedule();
}

}  // namespace pchat::net
