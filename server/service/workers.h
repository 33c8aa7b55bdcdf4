// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pchat {

/// Threads for what has to wait: the database, passwords. Work is taken in the order it came.
class Workers {
public:
    Workers(std::size_t threads, std::size_t waiting);
    ~Workers() { stop(); }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// False when too much waits already: the caller says so to whoever asked.
    [[nodiscard]] bool run(std::function<void()> work);
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t count() const { return threads_.size(); }
    /// Does what waits still, takes nothing more.
    void stop();

private:
    void serve();

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::function<void()>> work_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace pchat
