// SPDX-License-Identifier: Apache-2.0
#include "server/service/workers.h"

#include "base/log.h"

#include <exception>
#include <utility>

namespace pchat {

Workers::Workers(std::size_t threads, std::size_t waiting) : limit_(waiting) {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this] { serve(); });
}

void Workers::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    filled_.notify_all();
    for (std::thread& thread : threads_)
        if (thread.joinable())
            thread.join();
}

bool Workers::run(std::function<void()> work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || work_.size() >= limit_)
            return false;
        work_.push_back(std::move(work));
    }
    filled_.notify_one();
    return true;
}

std::size_t Workers::waiting() const {
    const std::lock_guard lock{mutex_};
    return work_.size();
}

void Workers::serve() {
    for (;;) {
        std::function<void()> work;
        {
            std::unique_lock lock{mutex_};
            filled_.wait(lock, [&] { return stopping_ || !work_.empty(); });
            if (work_.empty())
                return;
            work = std::move(work_.front());
            work_.pop_front();
        }
        try {
            work();
        } catch (const std::exception& error) {
            // Whoever waits for the answer runs into a deadline; the thread must live on.
            log::error("work for the database ended by an exception: {}", error.what());
        }
    }
}

}  // namespace pchat
