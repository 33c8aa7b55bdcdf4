// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_channel.h"
#include "cli/ssh/ssh_session.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace pchat::cli {

/// A connection that goes on from a machine that was signed in to, as a socket for another session:
/// libssh 0.10 has no jump hosts. A thread carries bytes between them, until either end is gone
/// or this object ends.
class SshJump {
public:
    static Result<std::unique_ptr<SshJump>> open(
        std::unique_ptr<SshSession> session, const SshPoint& to, std::chrono::milliseconds patience
    );
    ~SshJump();
    SshJump(const SshJump&) = delete;
    SshJump& operator=(const SshJump&) = delete;
    SshJump(SshJump&&) = delete;
    SshJump& operator=(SshJump&&) = delete;

    /// The other end: the caller's from here on.
    [[nodiscard]] int take_socket();

private:
    SshJump(std::unique_ptr<SshSession> session, std::unique_ptr<SshChannel> channel);
    Result<void> start();
    void carry();

    std::unique_ptr<SshSession> session_;
    std::unique_ptr<SshChannel> channel_;  // of that session, so it goes first
    int ours_ = -1;
    int theirs_ = -1;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace pchat::cli
