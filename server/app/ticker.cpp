// SPDX-License-Identifier: Apache-2.0
#include "server/app/ticker.h"

#include <algorithm>
#include <utility>

namespace pchat::app {

void Ticker::every(std::chrono::milliseconds interval, std::function<void()> work) {
    every(interval, {}, [work = std::move(work)]() -> Result<void> {
        work();
        return {};
    });
}

void Ticker::every(
    std::chrono::milliseconds interval, std::string name, std::function<Result<void>()> work
) {
    tasks_.push_back(
        {Chore{std::move(name), interval, std::move(work)},
         std::chrono::steady_clock::now() + interval}
    );
}

void Ticker::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Ticker::stop_soon() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    stopped_.notify_all();
}

void Ticker::stop() {
    stop_soon();
    if (thread_.joinable())
        thread_.join();
}

void Ticker::run() {
    std::unique_lock lock{mutex_};
    while (!stopping_ && !tasks_.empty()) {
        const auto soonest =
            std::min_element(tasks_.begin(), tasks_.end(), [](const Task& a, const Task& b) {
                return a.next < b.next;
            });
        if (stopped_.wait_until(lock, soonest->next, [&] { return stopping_; }))
            return;
        lock.unlock();
        const auto pause = soonest->chore.run();
        lock.lock();
        // Not a backlog of missed turns after a long one.
        soonest->next = std::chrono::steady_clock::now() + pause;
    }
}

}  // namespace pchat::app
