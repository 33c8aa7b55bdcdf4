// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace pchat::net {

/// One thread that waits for sockets and runs what is posted to it, in the order of posting.
class IoThread {
public:
    explicit IoThread(std::size_t index);
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    [[nodiscard]] std::size_t index() const { return index_; }
    /// From any thread.
    void post(std::function<void()> work);
    /// From this thread only. Does not run after the pool has stopped.
    void after(std::chrono::microseconds delay, std::function<void()> work);
    /// Whether the caller runs on it.
    [[nodiscard]] bool is_current() const;
    boost::asio::io_context& context();

private:
    friend class IoPool;
    struct State;
    std::size_t index_;
    std::unique_ptr<State> state_;
};

/// The threads that all connections live on; each connection stays with the one it was given to.
class IoPool {
public:
    explicit IoPool(std::size_t threads);
    ~IoPool();  // stops and joins
    IoPool(const IoPool&) = delete;
    IoPool& operator=(const IoPool&) = delete;

    void start();
    /// Ends the threads once what they run now has returned; joins them. What was posted and has
    /// not run is dropped.
    void stop();

    [[nodiscard]] std::size_t size() const { return threads_.size(); }
    IoThread& operator[](std::size_t index) { return *threads_[index]; }

private:
    std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace pchat::net
