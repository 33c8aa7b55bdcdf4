// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pchat::ldap {

/// Cuts a connection whose other side says nothing while something is waited for. libldap has time
/// limits of its own, but none while it encrypts and none within a message: there a directory that
/// stands still would hold a thread for ever, since its kernel acknowledges what arrives.
class SilenceWatch {
public:
    using Clock = std::chrono::steady_clock;

    SilenceWatch() = default;
    ~SilenceWatch();
    SilenceWatch(const SilenceWatch&) = delete;
    SilenceWatch& operator=(const SilenceWatch&) = delete;
    SilenceWatch(SilenceWatch&&) = delete;
    SilenceWatch& operator=(SilenceWatch&&) = delete;

    /// The socket is open. It may be closed before this object ends.
    void take(int descriptor);
    /// Something must come by then, or a little later.
    void expect(Clock::time_point end) { end_ = end.time_since_epoch().count(); }
    /// Nothing is waited for.
    void rest() { end_ = no_end; }
    /// Whether it was too late once: nothing more comes.
    [[nodiscard]] bool has_cut() const { return cut_; }

private:
    static constexpr Clock::rep no_end = 0;
    void run();

    int socket_ = -1;  // our own descriptor, so that its number is not reused
    std::atomic<Clock::rep> end_{no_end};
    std::atomic<bool> cut_{false};
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace pchat::ldap
