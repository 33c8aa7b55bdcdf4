// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_session.h"

#include "cli/ssh/host_keys.h"
#include "cli/ssh/sign_in.h"

#include <fmt/format.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace pchat::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds moment{100};
// The kernel's own limits (see dial) do not hold behind a jump host, nor for a machine that hangs
// while its kernel still acknowledges.
constexpr milliseconds ask_after{2000};
constexpr milliseconds longest_silence{6000};

/// libssh expands %h and the like in names of files.
std::string without_expansion(const std::string& path) {
    std::string out;
    for (const char letter : path) {
        out += letter;
        if (letter == '%')
            out += letter;
    }
    return out;
}

bool set_options(ssh_session session, const SshWish& wish, const SshRoute& route) {
    const int no = 0;
    const int port = route.point.port;
    const auto seconds = static_cast<long>(wish.patience.count());
    const socket_t socket = route.socket;
    const std::string known = without_expansion(known_hosts_file(wish));
    const std::string global = without_expansion(wish.global_known_hosts);
    const auto set = [&](ssh_options_e option, const void* value) {
        return ssh_options_set(session, option, value) == SSH_OK;
    };
    return set(SSH_OPTIONS_PROCESS_CONFIG, &no) &&
           set(SSH_OPTIONS_HOST, route.point.host.c_str()) && set(SSH_OPTIONS_PORT, &port) &&
           set(SSH_OPTIONS_USER, route.point.user.c_str()) && set(SSH_OPTIONS_TIMEOUT, &seconds) &&
           set(SSH_OPTIONS_KNOWNHOSTS, known.c_str()) &&
           set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, global.c_str()) &&
           (wish.agent.empty() || set(SSH_OPTIONS_IDENTITY_AGENT, wish.agent.c_str())) &&
           set(SSH_OPTIONS_FD, &socket);
}

}  // namespace

/// What has moved, either way.
struct SshSession::Traffic {
    ssh_counter_struct counter{};
    std::uint64_t received = 0;
    int unsent = 0;
};

SshSession::SshSession(ssh_session_struct* raw, SshRoute route)
    : raw_(raw), route_(std::move(route)), traffic_(std::make_unique<Traffic>()) {
    ssh_set_counters(raw_, &traffic_->counter, nullptr);
}

// It closes the socket, too. There is no farewell: ssh_disconnect would leave the socket open.
SshSession::~SshSession() {
    ssh_free(raw_);
}

Result<std::unique_ptr<SshSession>> SshSession::open(
    const SshWish& wish, SshRoute route, const HostKeyAsker& asker
) {
    ssh_session raw = ssh_new();
    if (raw == nullptr || !set_options(raw, wish, route)) {
        ::close(route.socket);
        ssh_free(raw);
        return fail(Errc::internal, fmt::format("{}: libssh refuses its settings", route.place));
    }
    std::unique_ptr<SshSession> out{new SshSession{raw, std::move(route)}};
    if (Result<void> greeted = out->shake_hands(wish); !greeted)
        return pass(std::move(greeted).error());
    if (Result<void> known = check_host_key(*out, wish, asker); !known)
        return pass(std::move(known).error());
    ssh_set_blocking(raw, 0);
    if (Result<void> in = sign_in(*out, wish); !in)
        return pass(std::move(in).error());
    out->signed_in_ = true;
    return out;
}

Result<void> SshSession::shake_hands(const SshWish& wish) {
    const auto begin = Clock::now();
    if (ssh_connect(raw_) == SSH_OK)
        return {};
    const std::string why = libssh_text();
    const bool greeted = ssh_get_serverbanner(raw_) != nullptr;
    if (Clock::now() - begin >= wish.patience)
        return fail(
            Errc::unreachable,
            fmt::format(
                "{}: {} within {} s",
                place(),
                greeted ? "no end of the greeting" : "nobody greets",
                wish.patience.count()
            ),
            "is it the port of an SSH server, and is the machine alive?"
        );
    if (!greeted)
        return fail(
            Errc::unreachable,
            fmt::format("{}: what listens there is no SSH server, or sends us away", place()),
            "check the port, and the log of the machine's SSH server"
        );
    return fail(
        Errc::unreachable,
        fmt::format("{}: the SSH greeting failed{}{}", place(), why.empty() ? "" : ": ", why),
        "see the log of the machine's SSH server"
    );
}

int SshSession::unsent() const {
    int out = 0;
    (void)::ioctl(ssh_get_fd(raw_), TIOCOUTQ, &out);
    return out;
}

Result<void> SshSession::wait(Clock::time_point until, AlsoAwaited also) {
    if (!is_connected())
        return lost();
    const auto begin = Clock::now();
    const auto left = std::chrono::duration_cast<milliseconds>(until - begin) + milliseconds{1};
    const auto longest = std::clamp(left, milliseconds{0}, moment);
    const auto events =
        static_cast<short>((also.holds_back ? 0 : POLLIN) | (is_sending() ? POLLOUT : 0));
    std::array<pollfd, 2> watched{
        pollfd{ssh_get_fd(raw_), events, 0}, pollfd{also.descriptor, also.events, 0}};
    ::poll(watched.data(), watched.size(), static_cast<int>(longest.count()));

    // A server knows no sign of life before somebody has signed in.
    if (!signed_in_)
        return {};
    const int unsent_now = unsent();
    if (also.holds_back || traffic_->counter.in_bytes != traffic_->received ||
        unsent_now != traffic_->unsent) {
        traffic_->received = traffic_->counter.in_bytes;
        traffic_->unsent = unsent_now;
        quiet_ = milliseconds{0};
        return {};
    }
    // A process that was stopped for an hour has not waited for an hour.
    quiet_ += std::min(std::chrono::duration_cast<milliseconds>(Clock::now() - begin), moment);
    if (watched[0].revents != 0)
        return {};
    if (quiet_ >= longest_silence) {
        silent_ = true;
        return lost();
    }
    if (quiet_ >= ask_after)
        ssh_send_keepalive(raw_);
    return {};
}

bool SshSession::is_connected() const {
    return !silent_ && ssh_is_connected(raw_) != 0 && ssh_get_fd(raw_) >= 0;
}

bool SshSession::is_sending() const {
    return (ssh_get_status(raw_) & SSH_WRITE_PENDING) != 0;
}

std::string SshSession::libssh_text() const {
    return ssh_get_error(raw_);
}

tl::unexpected<Error> SshSession::lost() const {
    const std::string why = silent_ ? "it does not answer any more" : libssh_text();
    return fail(
        Errc::unreachable,
        fmt::format("{}: the link was cut{}{}", place(), why.empty() ? "" : ": ", why),
        "check the network and the machine, then run the command again"
    );
}

}  // namespace pchat::cli
