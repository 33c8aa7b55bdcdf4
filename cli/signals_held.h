// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
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
    ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;
    SignalsHeld(SignalsHeld&&) = delete;
    SignalsHeld& operator=(SignalsHeld&&) = delete;

    /// Whether one of them is waiting.
    [[nodiscard]] static bool asked_to_stop() {
        sigset_t waiting;
        sigemptyset(&waiting);
        sigpending(&waiting);
        for (const int number : numbers)
            if (sigismember(&waiting, number) == 1)
                return true;
        return false;
    }

    /// Takes what is waiting, for whoever has heard it and ends in words of its own.
    static void take() {
        sigset_t wanted;
        sigemptyset(&wanted);
        for (const int number : numbers)
            sigaddset(&wanted, number);
        const timespec at_once{};
        while (sigtimedwait(&wanted, nullptr, &at_once) > 0) {
        }
    }

private:
    static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t before_{};
};

}  // namespace pchat::cli
