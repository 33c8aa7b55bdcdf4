// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace pchat::cli {

/// Turns Ctrl-C and SIGTERM into a descriptor that becomes readable, for as long as it lives: a
/// command that waits for a server can then end in its own words.
class StopSignals {
public:
    StopSignals() {
        sigset_t wanted;
        sigemptyset(&wanted);
        for (const int number : {SIGINT, SIGTERM, SIGHUP})
            sigaddset(&wanted, number);
        pthread_sigmask(SIG_BLOCK, &wanted, &before_);
        descriptor_ = ::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    }
    ~StopSignals() {
        // Taken, so that it does not strike once the mask is gone.
        signalfd_siginfo taken{};
        while (descriptor_ >= 0 && ::read(descriptor_, &taken, sizeof taken) > 0) {
        }
        if (descriptor_ >= 0)
            ::close(descriptor_);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    StopSignals(StopSignals&&) = delete;
    StopSignals& operator=(StopSignals&&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    sigset_t before_{};
    int descriptor_ = -1;
};

}  // namespace pchat::cli
