// SPDX-License-Identifier: Apache-2.0
#include "server/net/io_pool.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <thread>
#include <utility>

namespace pchat::net {
namespace {

thread_local const IoThread* current_thread = nullptr;

// OpenSSL writes with write(), which raises SIGPIPE when the other side has gone. The error code
// says the same, so the threads that write do without the signal.
void do_without_sigpipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

struct IoThread::State {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keeps_running{
        context.get_executor()};
    std::thread thread;
};

IoThread::IoThread(std::size_t index) : index_(index), state_(std::make_unique<State>()) {}

IoThread::~IoThread() = default;

void IoThread::post(std::function<void()> work) {
    boost::asio::post(state_->context, std::move(work));
}

void IoThread::after(std::chrono::microseconds delay, std::function<void()> work) {
    auto timer = std::make_unique<boost::asio::steady_timer>(state_->context, delay);
    auto& waiting = *timer;
    waiting.async_wait([kept = std::move(timer),
                        work = std::move(work)](boost::system::error_code failed) {
        if (!failed)
            work();
    });
}

bool IoThread::is_current() const {
    return current_thread == this;
}

boost::asio::io_context& IoThread::context() {
    return state_->context;
}

IoPool::IoPool(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i)
        threads_.push_back(std::make_unique<IoThread>(i));
}

IoPool::~IoPool() {
    stop();
}

void IoPool::start() {
    for (auto& thread : threads_)
        thread->state_->thread = std::thread{[&thread] {
            do_without_sigpipe();
            current_thread = thread.get();
            thread->state_->context.run();
        }};
}

void IoPool::stop() {
    for (auto& thread : threads_)
        thread->state_->context.stop();
    for (auto& thread : threads_)
        if (thread->state_->thread.joinable())
            thread->state_->thread.join();
}

}  // namespace pchat::net
