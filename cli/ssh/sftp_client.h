// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/sftp_wire.h"
#include "cli/ssh/ssh_channel.h"
#include "cli/ssh/ssh_session.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::cli {

/// A conversation in SFTP: requests go out whenever there is room, answers come in whatever order
/// the server likes.
class SftpClient {
public:
    /// Asked now and then while something is waited for; a failure ends the wait.
    using Pause = std::function<Result<void>()>;

    static Result<std::unique_ptr<SftpClient>> open(SshSession& session);

    [[nodiscard]] std::uint32_t next_id() { return ++last_id_; }
    [[nodiscard]] bool can_sync() const { return can_sync_; }

    /// Queues a request. Without a look at `has_room` it all stays in memory.
    void ask(std::string_view message) { out_ += message; }
    [[nodiscard]] bool has_room() const;
    /// Sends what can be sent and gives the next answer, if there is one by now.
    Result<std::optional<sftp::Reply>> turn();
    /// Asks, and waits for the answer to this request; others that come before it are dropped.
    Result<sftp::Reply> answer(std::uint32_t id, std::string_view message, const Pause& pause);
    /// Until `turn` may have something to do. Errc::timeout when the server has not answered for
    /// a minute, though its link lives: its disk hangs.
    Result<void> wait();

private:
    explicit SftpClient(SshSession& session);
    Result<void> greet();
    Result<void> send();
    Result<void> receive();

    SshSession& session_;
    std::unique_ptr<SshChannel> channel_;
    std::string out_;
    std::string in_;
    std::string chunk_;
    std::uint32_t last_id_ = 0;
    bool can_sync_ = false;
    std::chrono::milliseconds waited_{0};
};

}  // namespace pchat::cli
