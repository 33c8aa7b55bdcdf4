// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_jump.h"

#include "cli/ssh/dial.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::size_t chunk_size = 65'536;
constexpr std::chrono::hours long_time{1};

/// Carries bytes until either end is gone. One chunk each way is under way, and no more is taken
/// before it has left.
class Carrier {
public:
    Carrier(SshSession& session, SshChannel& channel, int socket)
        : session_(session), channel_(channel), socket_(socket), chunk_(chunk_size, '\0') {}

    void run(const std::atomic<bool>& stopping) {
        while (!over_ && !stopping) {
            const bool brought = bring();
            const bool taken = take();
            if (!brought && !taken && !over_ && !wait())
                return;
        }
    }

private:
    /// From the machine to the socket.
    bool bring() {
        if (inbound_.empty()) {
            const auto got = channel_.read(SshChannel::Stream::out, chunk_.data(), chunk_.size());
            over_ = !got || (*got == 0 && channel_.at_eof());
            if (over_ || *got == 0)
                return false;
            inbound_.assign(chunk_, 0, *got);
        }
        const ssize_t put =
            ::send(socket_, inbound_.data(), inbound_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0) {
            over_ = errno != EAGAIN && errno != EINTR;
            return false;
        }
        inbound_.erase(0, static_cast<std::size_t>(put));
        return true;
    }

    /// From the socket to the machine.
    bool take() {
        if (over_)
            return false;
        if (outbound_.empty()) {
            const ssize_t got = ::recv(socket_, chunk_.data(), chunk_.size(), MSG_DONTWAIT);
            if (got < 0) {
                over_ = errno != EAGAIN && errno != EINTR;
                return false;
            }
            over_ = got == 0;
            outbound_.assign(chunk_, 0, static_cast<std::size_t>(got));
        }
        const auto put = channel_.write(outbound_);
        if (!put) {
            over_ = true;
            return false;
        }
        outbound_.erase(0, *put);
        return *put > 0;
    }

    bool wait() {
        // An end that is closed wakes us, whatever we wait for.
        const auto wanted =
            static_cast<short>((outbound_.empty() ? POLLIN : 0) | (inbound_.empty() ? 0 : POLLOUT));
        const auto until = SshSession::Clock::now() + long_time;
        if (!session_.wait(until, {socket_, wanted, !inbound_.empty()}))
            return false;
        // With a chunk still under way nobody would read the end of the socket.
        pollfd closed{socket_, 0, 0};
        return ::poll(&closed, 1, 0) == 0;
    }

    SshSession& session_;
    SshChannel& channel_;
    int socket_;
    std::string chunk_;
    std::string inbound_;
    std::string outbound_;
    bool over_ = false;
};

}  // namespace

SshJump::SshJump(std::unique_ptr<SshSession> session, std::unique_ptr<SshChannel> channel)
    : session_(std::move(session)), channel_(std::move(channel)) {}

SshJump::~SshJump() {
    stopping_ = true;
    if (theirs_ >= 0)
        ::close(theirs_);
    if (thread_.joinable())
        thread_.join();
    if (ours_ >= 0)
        ::close(ours_);
}

Result<std::unique_ptr<SshJump>> SshJump::open(
    std::unique_ptr<SshSession> session, const SshPoint& to, std::chrono::milliseconds patience
) {
    auto channel = SshChannel::forward(*session, to, SshSession::Clock::now() + patience);
    if (!channel)
        return pass(std::move(channel).error());
    std::unique_ptr<SshJump> out{new SshJump{std::move(session), std::move(*channel)}};
    if (Result<void> started = out->start(); !started)
        return pass(std::move(started).error());
    return out;
}

Result<void> SshJump::start() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(
            Errc::internal,
            fmt::format("no pair of sockets: {}", std::generic_category().message(errno))
        );
    ours_ = ends[0];
    theirs_ = ends[1];
    limit_writes(theirs_);
    // It may live before somebody holds signals back, and they strike in any thread that is open.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> out;
    try {
        thread_ = std::thread{[this] { carry(); }};
    } catch (const std::system_error& error) {
        out = fail(Errc::internal, fmt::format("no thread: {}", error.what()));
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return out;
}

int SshJump::take_socket() {
    return std::exchange(theirs_, -1);
}

void SshJump::carry() {
    Carrier{*session_, *channel_, ours_}.run(stopping_);
    ::shutdown(ours_, SHUT_RDWR);
}

}  // namespace pchat::cli
