// SPDX-License-Identifier: Apache-2.0
#include "cli/client/client_socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace pchat::cli {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> look_up(const Endpoint& endpoint) {
    const Url& url = endpoint.url;
    const std::string& host = endpoint.address.empty() ? url.host : endpoint.address;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(url.port);
    int code = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    if (code == EAI_NONAME || code == EAI_ADDRFAMILY) {
        // A machine with nothing but loopback still knows its own addresses.
        wanted.ai_flags = 0;
        code = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    }
    if (code != 0)
        return fail(
            Errc::unreachable,
            fmt::format(
                "{}: the name '{}' is not known: {}", url.text(), host, ::gai_strerror(code)
            ),
            "check the spelling, and the name service of this machine"
        );
    return Addresses{found, &::freeaddrinfo};
}

int milliseconds_until(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now()
    );
    return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 1'000'000'000));
}

}  // namespace

Result<std::unique_ptr<ClientSocket>> ClientSocket::connect(const Endpoint& endpoint) {
    std::unique_ptr<ClientSocket> out{new ClientSocket{endpoint}};
    const Deadline deadline = out->usual_deadline();
    if (Result<void> opened = out->open(deadline); !opened)
        return pass(std::move(opened).error());
    if (endpoint.url.tls)
        if (Result<void> started = out->start_tls(deadline); !started)
            return pass(std::move(started).error());
    return out;
}

ClientSocket::~ClientSocket() {
    if (tls_)
        SSL_shutdown(tls_.get());
    if (socket_ >= 0)
        ::close(socket_);
}

Deadline ClientSocket::usual_deadline() const {
    return std::chrono::steady_clock::now() + endpoint_.timeout;
}

Error ClientSocket::too_late() const {
    const double seconds = static_cast<double>(endpoint_.timeout.count()) / 1000;
    return Error{
        Errc::timeout,
        fmt::format("{}: no answer within {:g} s", endpoint_.text(), seconds),
        "is the server busy, or a firewall in between? --timeout gives it longer",
        {},
        false,
        {},
        {}};
}

tl::unexpected<Error> ClientSocket::broken(int code) const {
    const std::string where = endpoint_.text();
    if (code == ECONNREFUSED)
        return fail(
            Errc::unreachable,
            fmt::format("{}: nobody listens there", where),
            "start the server, or check host and port"
        );
    return fail(
        Errc::unreachable,
        fmt::format("{}: {}", where, code == 0 ? "the server went away" : std::strerror(code)),
        endpoint_.url.tls ? "is the server running, and the network up?"
                          : "is the server running, or does it want TLS: https://?"
    );
}

Result<void> ClientSocket::wait(short events, Deadline deadline) const {
    std::array<pollfd, 2> watched{pollfd{socket_, events, 0}, pollfd{endpoint_.stop, POLLIN, 0}};
    for (;;) {
        const int got = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
        if (got < 0 && errno == EINTR)
            continue;
        if (watched[1].revents != 0)
            return fail(Errc::interrupted, "interrupted");
        if (got == 0)
            return pass(too_late());
        return {};
    }
}

Result<void> ClientSocket::open(Deadline deadline) {
    const Result<Addresses> addresses = look_up(endpoint_);
    if (!addresses)
        return pass(addresses.error());
    int problem = 0;
    for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next) {
        if (socket_ >= 0)
            ::close(socket_);
        socket_ = ::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket_ < 0) {
            problem = errno;
            continue;
        }
        problem = ::connect(socket_, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
        if (problem == EINPROGRESS) {
            if (Result<void> ready = wait(POLLOUT, deadline); !ready)
                return ready;
            socklen_t size = sizeof problem;
            ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &problem, &size);
        }
        if (problem == 0) {
            const int on = 1;
            ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return {};
        }
    }
    return broken(problem);
}

Result<void> ClientSocket::start_tls(Deadline deadline) {
    Result<TlsSettings> settings = make_tls_settings(endpoint_);
    if (!settings)
        return pass(std::move(settings).error());
    settings_ = std::move(*settings);
    Result<TlsConnection> connection = make_tls_connection(settings_.get(), endpoint_, socket_);
    if (!connection)
        return pass(std::move(connection).error());
    for (;;) {
        ERR_clear_error();
        const int done = SSL_connect(connection->get());
        if (done == 1)
            break;
        const int why = SSL_get_error(connection->get(), done);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return pass(explain_handshake(connection->get(), endpoint_));
        if (auto ready = wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline); !ready)
            return ready;
    }
    tls_ = std::move(*connection);
    return {};
}

Result<void> ClientSocket::wait_for_tls(int result, Deadline deadline) {
    const int why = SSL_get_error(tls_.get(), result);
    if (why == SSL_ERROR_WANT_READ)
        return wait(POLLIN, deadline);
    if (why == SSL_ERROR_WANT_WRITE)
        return wait(POLLOUT, deadline);
    return broken(why == SSL_ERROR_SYSCALL ? errno : 0);
}

Result<std::size_t> ClientSocket::read(char* into, std::size_t size, Deadline deadline) {
    for (;;) {
        if (!tls_) {
            const ssize_t got = ::recv(socket_, into, size, 0);
            if (got >= 0)
                return static_cast<std::size_t>(got);
            if (errno != EAGAIN && errno != EINTR)
                return broken(errno);
            if (Result<void> ready = wait(POLLIN, deadline); !ready)
                return pass(std::move(ready).error());
            continue;
        }
        ERR_clear_error();
        std::size_t got = 0;
        const int done = SSL_read_ex(tls_.get(), into, size, &got);
        if (done == 1)
            return got;
        if (SSL_get_error(tls_.get(), done) == SSL_ERROR_ZERO_RETURN)
            return std::size_t{0};
        if (Result<void> ready = wait_for_tls(done, deadline); !ready)
            return pass(std::move(ready).error());
    }
}

Result<void> ClientSocket::write(std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        std::size_t put = 0;
        if (!tls_) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN && errno != EINTR)
                return broken(errno);
            put = sent > 0 ? static_cast<std::size_t>(sent) : 0;
            if (sent < 0)
                if (Result<void> ready = wait(POLLOUT, deadline); !ready)
                    return ready;
        } else {
            ERR_clear_error();
            const int done = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &put);
            if (done != 1)
                if (Result<void> ready = wait_for_tls(done, deadline); !ready)
                    return ready;
        }
        bytes.remove_prefix(put);
    }
    return {};
}

}  // namespace pchat::cli
