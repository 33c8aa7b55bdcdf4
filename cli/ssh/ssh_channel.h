// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_session.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssh_channel_struct;

namespace pchat::cli {

/// One channel of a session: a command, a subsystem, or a connection that goes on from there.
/// Reading and writing never wait; SshSession::wait does. Ends with its object, at any time.
class SshChannel {
public:
    using Deadline = SshSession::Clock::time_point;
    enum class Stream : std::uint8_t { out, err };

    static Result<std::unique_ptr<SshChannel>> exec(
        SshSession& session, const std::string& command, Deadline deadline
    );
    static Result<std::unique_ptr<SshChannel>> sftp(SshSession& session, Deadline deadline);
    static Result<std::unique_ptr<SshChannel>> forward(
        SshSession& session, const SshPoint& to, Deadline deadline
    );
    ~SshChannel();
    SshChannel(const SshChannel&) = delete;
    SshChannel& operator=(const SshChannel&) = delete;
    SshChannel(SshChannel&&) = delete;
    SshChannel& operator=(SshChannel&&) = delete;

    /// What has come, up to `size` bytes; 0 when there is nothing now.
    Result<std::size_t> read(Stream stream, char* into, std::size_t size);
    /// How many bytes were taken; 0 when nothing can be sent now.
    Result<std::size_t> write(std::string_view bytes);
    Result<void> send_eof();

    /// Nothing more comes, and all has been read.
    [[nodiscard]] bool at_eof() const;
    /// The same, and how it ended is known, or never will be.
    [[nodiscard]] bool at_end();
    /// How the command ended: 128 and the signal when one ended it.
    [[nodiscard]] std::optional<int> status() const;

private:
    struct Ending;
    explicit SshChannel(SshSession& session);
    /// Calls `step` until it neither says SSH_AGAIN nor the time is over.
    template <class Step>
    Result<void> repeat(Deadline deadline, std::string_view what, Step step);
    Result<void> open(Deadline deadline);

    SshSession& session_;
    ssh_channel_struct* raw_;
    std::unique_ptr<Ending> ending_;
};

}  // namespace pchat::cli
