// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace pchat::test {

/// Longer than anything here takes on a busy machine: a test that waits so long has failed.
constexpr auto long_enough = std::chrono::seconds{60};

/// What a listener of the bus was told, in order: "linked", "unlinked", "missed", "SUBJECT BYTES".
class Recorder : public bus::BusListener {
public:
    void received(std::string_view subject, std::string_view bytes) override {
        std::string text{subject};
        text += ' ';
        text += bytes;
        note(std::move(text));
    }
    void linked() override { note("linked"); }
    void unlinked() override { note("unlinked"); }
    void missed() override { note("missed"); }

    [[nodiscard]] std::vector<std::string> all() const {
        const std::lock_guard lock{mutex_};
        return notes_;
    }
    [[nodiscard]] std::size_t count(const std::string& text) const {
        const std::lock_guard lock{mutex_};
        return count_held(text);
    }
    /// Until this was told so many times.
    [[nodiscard]] bool wait_for(const std::string& text, std::size_t times = 1) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, long_enough, [&] { return count_held(text) >= times; });
    }
    /// Until it was told so many things.
    [[nodiscard]] bool wait_for_all(std::size_t count) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, long_enough, [&] { return notes_.size() >= count; });
    }
    /// Within a time in which it may well not come.
    [[nodiscard]] bool comes_within(const std::string& text, std::chrono::milliseconds time) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, time, [&] { return count_held(text) > 0; });
    }
    void forget() {
        const std::lock_guard lock{mutex_};
        notes_.clear();
    }

private:
    [[nodiscard]] std::size_t count_held(const std::string& text) const {
        return static_cast<std::size_t>(std::count(notes_.begin(), notes_.end(), text));
    }
    void note(std::string text) {
        const std::lock_guard lock{mutex_};
        notes_.push_back(std::move(text));
        changed_.notify_all();
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> notes_;
};

}  // namespace pchat::test
