// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/app/chore.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pchat::app {

/// A thread that does things over and over. One that takes long delays the others: what waits for
/// the database belongs to a ticker of its own.
class Ticker {
public:
    Ticker() = default;
    ~Ticker() { stop(); }
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

    // Before start().
    void every(std::chrono::milliseconds interval, std::function<void()> work);
    /// What may fail.
    void every(
        std::chrono::milliseconds interval, std::string name, std::function<Result<void>()> work
    );
    void start();
    /// Nothing new is begun from now on.
    void stop_soon();
    /// And what was begun has ended.
    void stop();

private:
    struct Task {
        Chore chore;
        std::chrono::steady_clock::time_point next;
    };
    void run();

    std::vector<Task> tasks_;
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace pchat::app
