// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/sftp_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

using std::chrono::milliseconds;
using Clock = SshSession::Clock;

constexpr milliseconds moment{100};
constexpr milliseconds patience{60'000};  // a disk may take long to sync
constexpr std::size_t chunk_size = 65'536;
constexpr std::size_t most_queued = 65'536;

}  // namespace

SftpClient::SftpClient(SshSession& session) : session_(session), chunk_(chunk_size, '\0') {}

Result<std::unique_ptr<SftpClient>> SftpClient::open(SshSession& session) {
    std::unique_ptr<SftpClient> out{new SftpClient{session}};
    auto channel = SshChannel::sftp(session, Clock::now() + patience);
    if (!channel)
        return pass(std::move(channel).error());
    out->channel_ = std::move(*channel);
    if (Result<void> greeted = out->greet(); !greeted)
        return pass(std::move(greeted).error());
    return out;
}

Result<void> SftpClient::greet() {
    // A version has no number, which reads as 0.
    const Result<sftp::Reply> version = answer(0, sftp::hello(), {});
    if (!version)
        return pass(version.error());
    can_sync_ = version->can_sync;
    return {};
}

bool SftpClient::has_room() const {
    return out_.size() < most_queued;
}

Result<void> SftpClient::send() {
    while (!out_.empty()) {
        const Result<std::size_t> put = channel_->write(out_);
        if (!put)
            return pass(put.error());
        if (*put == 0)
            return {};
        out_.erase(0, *put);
    }
    return {};
}

Result<void> SftpClient::receive() {
    for (const SshChannel::Stream stream : {SshChannel::Stream::err, SshChannel::Stream::out}) {
        const Result<std::size_t> got = channel_->read(stream, chunk_.data(), chunk_.size());
        if (!got)
            return pass(got.error());
        if (stream == SshChannel::Stream::out)  // the other one is of no use to anybody
            in_.append(chunk_, 0, *got);
    }
    return {};
}

Result<std::optional<sftp::Reply>> SftpClient::turn() {
    if (Result<void> sent = send(); !sent)
        return pass(std::move(sent).error());
    if (Result<void> received = receive(); !received)
        return pass(std::move(received).error());
    bool broken = false;
    std::optional<sftp::Reply> out = sftp::take_reply(in_, broken);
    if (broken)
        return fail(
            Errc::unreachable,
            fmt::format("{}: what answers to SFTP speaks something else", session_.place()),
            "does a start file of the user's shell print anything on the machine?"
        );
    if (out)
        waited_ = milliseconds{0};
    else if (channel_->at_eof())
        return session_.is_connected()
                   ? fail(
                         Errc::unreachable,
                         fmt::format("{}: its SFTP server ended", session_.place()),
                         "see the Subsystem line of the machine's sshd_config"
                     )
                   : session_.lost();
    return out;
}

Result<sftp::Reply> SftpClient::answer(
    std::uint32_t id, std::string_view message, const Pause& pause
) {
    ask(message);
    for (;;) {
        Result<std::optional<sftp::Reply>> reply = turn();
        if (!reply)
            return pass(std::move(reply).error());
        if (*reply && (*reply)->id == id)
            return std::move(**reply);
        if (pause)
            if (Result<void> go_on = pause(); !go_on)
                return pass(std::move(go_on).error());
        if (*reply)
            continue;
        if (Result<void> ready = wait(); !ready)
            return pass(std::move(ready).error());
    }
}

Result<void> SftpClient::wait() {
    const auto begin = Clock::now();
    if (Result<void> ready = session_.wait(begin + moment); !ready)
        return ready;
    waited_ += std::min(std::chrono::duration_cast<milliseconds>(Clock::now() - begin), moment);
    if (waited_ < patience)
        return {};
    return fail(
        Errc::timeout,
        fmt::format("{}: no answer about a file within a minute", session_.place()),
        "is its disk overloaded, or a network file system gone?"
    );
}

}  // namespace pchat::cli
