// SPDX-License-Identifier: Apache-2.0
#include "server/net/listening_socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace pchat::net {
namespace {

constexpr int waiting_connections = 1024;  // the kernel lowers it to net.core.somaxconn
constexpr int keepalive_idle = 60;         // seconds
constexpr int keepalive_interval = 10;
constexpr int keepalive_probes = 3;

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

bool set(const Descriptor& socket, int level, int name, int value) {
    return ::setsockopt(socket.number(), level, name, &value, sizeof value) == 0;
}

// TCP_USER_TIMEOUT ends a connection whose data nobody acknowledges, keepalive one that is silent.
bool set_options(const Descriptor& socket, int family, const ConnectionLimits& limits) {
    // Even: links to databases are known by odd ones while they are opened (store/sql/link_watch).
    const auto unacknowledged = static_cast<int>(2 * limits.ping_interval.count());
    const bool both_families = family != AF_INET6 || set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    return both_families && set(socket, SOL_SOCKET, SO_REUSEADDR, 1) &&
           set(socket, IPPROTO_TCP, TCP_NODELAY, 1) && set(socket, SOL_SOCKET, SO_KEEPALIVE, 1) &&
           set(socket, IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle) &&
           set(socket, IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval) &&
           set(socket, IPPROTO_TCP, TCP_KEEPCNT, keepalive_probes) &&
           set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged);
}

tl::unexpected<Error> explain(const ListenAt& at, int error) {
    if (error == EADDRINUSE)
        return fail(
            Errc::conflict,
            fmt::format("port {} of {} is taken", at.port, at.address),
            fmt::format("see who has it: ss -ltnp 'sport = :{}'", at.port)
        );
    if (error == EADDRNOTAVAIL)
        return fail(
            Errc::invalid,
            fmt::format("{} is no address of this machine", at.address),
            "see which it has: ip address"
        );
    if (error == EACCES)
        return fail(
            Errc::denied,
            fmt::format("port {} of {} may not be used", at.port, at.address),
            "ports below 1024 need the capability CAP_NET_BIND_SERVICE"
        );
    return fail(
        Errc::io,
        fmt::format("cannot listen at port {} of {}: {}", at.port, at.address, std::strerror(error))
    );
}

std::string address_text(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    std::array<char, 8> ignored_port{};
    if (::getnameinfo(
            any,
            sizeof address,
            text.data(),
            text.size(),
            ignored_port.data(),
            ignored_port.size(),
            NI_NUMERICHOST | NI_NUMERICSERV
        ) != 0)
        return "unknown";
    const std::string peer = text.data();
    // How IPv4 looks to a socket of both families.
    constexpr std::string_view mapped = "::ffff:";
    return peer.rfind(mapped, 0) == 0 ? peer.substr(mapped.size()) : peer;
}

NothingAccepted nothing(int error) {
    using Why = NothingAccepted::Why;
    switch (error) {
    case EAGAIN:
        return {Why::queue_empty, error};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return {Why::no_room, error};
    default:
        return {Why::gone, error};  // accept(2): errors of that connection, to be ignored
    }
}

}  // namespace

Result<Descriptor> listening_socket(const ListenAt& at, const ConnectionLimits& limits) {
    addrinfo wanted{};
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(at.address.c_str(), std::to_string(at.port).c_str(), &wanted, &found) != 0)
        return fail(
            Errc::invalid,
            fmt::format("'{}' is no IP address to listen at", at.address),
            "give one like 127.0.0.1 or ::, not a name"
        );
    const Addresses address{found, &freeaddrinfo};
    Descriptor socket{
        ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
    if (socket.number() < 0 || !set_options(socket, address->ai_family, limits) ||
        ::bind(socket.number(), address->ai_addr, address->ai_addrlen) != 0 ||
        ::listen(socket.number(), waiting_connections) != 0)
        return explain(at, errno);
    return socket;
}

std::uint16_t port_of(const Descriptor& socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &length);
    // Both families keep the port in the same place.
    sockaddr_in internet{};
    std::memcpy(&internet, &address, sizeof internet);
    return ntohs(internet.sin_port);
}

AcceptOutcome accept_one(int listening) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    Descriptor socket{::accept4(
        listening, reinterpret_cast<sockaddr*>(&address), &length, SOCK_NONBLOCK | SOCK_CLOEXEC
    )};
    if (socket.number() < 0)
        return tl::unexpected<NothingAccepted>(nothing(errno));
    return Accepted{std::move(socket), address_text(address)};
}

}  // namespace pchat::net
