// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/dial.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

namespace pchat::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

constexpr unsigned unacknowledged_ms = 4000;
constexpr int first_probe_s = 2;
constexpr int next_probe_s = 1;
constexpr int most_probes = 3;
constexpr int longest_write_s = 6;

Result<Addresses> addresses_of(const SshPoint& point) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(point.port);
    const int code = ::getaddrinfo(point.host.c_str(), port.c_str(), &wanted, &found);
    if (code == 0)
        return Addresses{found, &::freeaddrinfo};
    return fail(
        Errc::unreachable,
        fmt::format(
            "{}: the name '{}' is not known: {}", point.place(), point.host, ::gai_strerror(code)
        ),
        "check the spelling in the topology, and the name service of this machine"
    );
}

void notice_silence(int socket) {
    const int on = 1;
    const auto set = [&](int level, int name, const auto& value) {
        (void)::setsockopt(socket, level, name, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_NODELAY, on);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged_ms);
    set(SOL_SOCKET, SO_KEEPALIVE, on);
    set(IPPROTO_TCP, TCP_KEEPIDLE, first_probe_s);
    set(IPPROTO_TCP, TCP_KEEPINTVL, next_probe_s);
    set(IPPROTO_TCP, TCP_KEEPCNT, most_probes);
}

/// 0, or the errno.
int connect_until(int socket, const addrinfo& address, Clock::time_point end) {
    if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    for (;;) {
        pollfd watched{socket, POLLOUT, 0};
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        const int got = ::poll(&watched, 1, static_cast<int>(std::clamp<long>(left, 0, 600'000)));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ETIMEDOUT;
        int code = 0;
        socklen_t size = sizeof code;
        ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size);
        return code;
    }
}

tl::unexpected<Error> no_way(const SshPoint& point, int code) {
    if (code == ECONNREFUSED)
        return fail(
            Errc::unreachable,
            fmt::format("{}: nobody listens there", point.place()),
            "start the machine's SSH server, or check host and port"
        );
    if (code == ETIMEDOUT)
        return fail(
            Errc::unreachable,
            fmt::format("{}: no answer", point.place()),
            "is the machine switched on, and is a firewall in between?"
        );
    return fail(
        Errc::unreachable,
        fmt::format("{}: {}", point.place(), std::generic_category().message(code)),
        "check the network between here and there"
    );
}

}  // namespace

void limit_writes(int socket) {
    const timeval longest{longest_write_s, 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
}

Result<int> dial(const SshPoint& point, std::chrono::milliseconds patience) {
    const Result<Addresses> addresses = addresses_of(point);
    if (!addresses)
        return pass(addresses.error());
    int count = 0;
    for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next)
        ++count;
    int problem = EADDRNOTAVAIL;
    for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next) {
        const int socket =
            ::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol);
        if (socket < 0) {
            problem = errno;
            continue;
        }
        notice_silence(socket);
        limit_writes(socket);
        // Each its share, so that one that swallows everything leaves time for the next.
        problem = connect_until(socket, *one, Clock::now() + patience / count);
        if (problem == 0)
            return socket;
        ::close(socket);
    }
    return no_way(point, problem);
}

}  // namespace pchat::cli
