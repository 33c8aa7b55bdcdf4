// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <atomic>
#include <csignal>

namespace pchat::cli {

/// Keeps the signals that would end the program waiting, so that it can first remove what it has
/// half done. They strike when this object goes.
class SignalsHeld {
public:
    SignalsHeld() {
        sigset_t held;
        sigemptyset(&held);
        for (const int number : numbers)
            sigaddset(&held, number);
        pthread_sigmask(SIG_BLOCK, &held, &before_);
    }
    ~SignalsHeld() {
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        if (const int number = noted_.exchange(0); number != 0)
            std::raise(number);
    }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;
    SignalsHeld(SignalsHeld&&) = delete;
    SignalsHeld& operator=(SignalsHeld&&) = delete;

    /// Whether one of them is waiting.
    [[nodiscard]] static bool asked_to_stop() {
        if (noted_ != 0)
            return true;
        sigset_t waiting;
        sigemptyset(&waiting);
        sigpending(&waiting);
        for (const int number : numbers)
            if (sigismember(&waiting, number) == 1)
                return true;
        return false;
    }

    /// Whether one has come since this was first asked while one was waiting: signals that wait are
    /// not counted.
    [[nodiscard]] static bool asked_again() {
        const int number = take_waiting();
        if (number == 0)
            return false;
        return noted_.exchange(number) != 0;
    }

    /// Takes what is waiting, for whoever has heard it and ends in words of its own.
    static void take() {
        take_waiting();
        noted_ = 0;
    }

private:
    /// The last of them; 0 when none is waiting.
    static int take_waiting() {
        sigset_t wanted;
        sigemptyset(&wanted);
        for (const int number : numbers)
            sigaddset(&wanted, number);
        const timespec at_once{};
        int last = 0;
        for (int number = 0; (number = sigtimedwait(&wanted, nullptr, &at_once)) > 0;)
            last = number;
        return last;
    }

    static inline std::atomic<int> noted_{0};  // taken, and not yet struck
    static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t before_{};
};

}  // namespace pchat::cli
