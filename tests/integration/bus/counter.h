// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"
#include "tests/integration/bus/recorder.h"

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace pchat::test {

/// Counts what comes and looks at its order. The bytes are "SENDER NUMBER",
/// numbers from 1, and whatever follows.
class Counter : public bus::BusListener {
public:
    void received(std::string_view subject, std::string_view bytes) override {
        tell([&](Counter& c) { c.note(subject, bytes); });
    }
    void linked() override {
        tell([](Counter& c) { c.links_ += 1; });
    }
    void unlinked() override {}
    void missed() override {
        tell([](Counter& c) { c.misses_ += 1; });
    }

    [[nodiscard]] bool wait_for(std::size_t messages) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, long_enough, [&] { return messages_ >= messages; });
    }
    [[nodiscard]] bool wait_for_link(std::size_t links = 1) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, long_enough, [&] { return links_ >= links; });
    }
    [[nodiscard]] bool wait_for_miss() {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, long_enough, [&] { return misses_ > 0; });
    }
    [[nodiscard]] std::size_t messages() const {
        const std::lock_guard lock{mutex_};
        return messages_;
    }
    [[nodiscard]] std::size_t subjects() const {
        const std::lock_guard lock{mutex_};
        return subjects_.size();
    }
    /// How often a number was not the next one of its sender.
    [[nodiscard]] std::size_t out_of_order() const {
        const std::lock_guard lock{mutex_};
        return out_of_order_;
    }

private:
    void note(std::string_view subject, std::string_view bytes);
    template <class F>
    void tell(F change) {
        const std::lock_guard lock{mutex_};
        change(*this);
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t messages_ = 0;
    std::size_t links_ = 0;
    std::size_t misses_ = 0;
    std::size_t out_of_order_ = 0;
    std::map<std::string, std::size_t> last_;
    std::set<std::string, std::less<>> subjects_;
};

/// The bytes of a message for it.
std::string numbered(const std::string& sender, std::size_t number, std::size_t bytes = 0);

}  // namespace pchat::test
