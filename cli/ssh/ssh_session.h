// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_link.h"

#include <chrono>
#include <memory>
#include <string>

struct ssh_session_struct;

namespace pchat::cli {

/// Where one SSH session leads, and what it is called in messages.
struct SshRoute {
    SshPoint point;
    std::string place;  // "node1:22", "node1:22 through gate:22"
    int socket = -1;    // leads there; the session closes it
};

/// What else ends a wait.
struct AlsoAwaited {
    int descriptor = -1;
    short events = 0;
    bool holds_back = false;  // what comes from the machine is not read now, and does not end it
};

/// One signed-in session of libssh. Used by one thread at a time. The greeting may wait as long as
/// the wish's patience; from then on no call of libssh waits, and `wait` does it for all.
class SshSession {
public:
    using Clock = std::chrono::steady_clock;

    static Result<std::unique_ptr<SshSession>> open(
        const SshWish& wish, SshRoute route, const HostKeyAsker& asker
    );
    ~SshSession();
    SshSession(const SshSession&) = delete;
    SshSession& operator=(const SshSession&) = delete;
    SshSession(SshSession&&) = delete;
    SshSession& operator=(SshSession&&) = delete;

    [[nodiscard]] ssh_session_struct* raw() const { return raw_; }
    [[nodiscard]] const std::string& place() const { return route_.place; }
    [[nodiscard]] const SshPoint& point() const { return route_.point; }

    /// Until something came, or can be sent, or a moment has passed; call libssh again then. Fails
    /// when the link is cut, or the other side has not moved for some seconds though it was asked.
    Result<void> wait(Clock::time_point until, AlsoAwaited also = {});

    [[nodiscard]] bool is_connected() const;
    /// Whether bytes wait to be sent; more would only be kept in memory.
    [[nodiscard]] bool is_sending() const;
    /// What a broken link is called.
    [[nodiscard]] tl::unexpected<Error> lost() const;
    /// What libssh says of the last failure; often nothing.
    [[nodiscard]] std::string libssh_text() const;

private:
    struct Traffic;
    SshSession(ssh_session_struct* raw, SshRoute route);
    Result<void> shake_hands(const SshWish& wish);
    [[nodiscard]] int unsent() const;

    ssh_session_struct* raw_;
    SshRoute route_;
    std::unique_ptr<Traffic> traffic_;
    std::chrono::milliseconds quiet_{0};
    bool signed_in_ = false;
    bool silent_ = false;
};

}  // namespace pchat::cli
