// SPDX-License-Identifier: Apache-2.0
#include "tests/support/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace pchat::test {
namespace {

constexpr int tick_ms = 20;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

void require(bool good, const char* what) {
    if (good)
        return;
    std::cerr << "relay: " << what << " failed\n";
    std::exit(1);
}

}  // namespace

Relay::Relay(std::uint16_t server) : server_(server) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    require(
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
            ::listen(listener_, 64) == 0 &&
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
        "listening"
    );
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

Relay::~Relay() {
    stopping_ = true;
    thread_.join();
    for (const Link& link : links_) {
        ::close(link.client);
        ::close(link.server);
    }
    ::close(listener_);
}

void Relay::accept() {
    Link link;
    link.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    link.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(server_);
    require(
        link.client >= 0 &&
            ::connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0,
        "connecting"
    );
    links_.push_back(link);
}

bool Relay::carry(int from, int to) {
    std::array<char, 16'384> bytes;
    const ssize_t got = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got <= 0)
        return false;
    for (ssize_t sent = 0; sent < got;) {
        const ssize_t more =
            ::send(to, bytes.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
        if (more <= 0)
            return false;
        sent += more;
    }
    return true;
}

void Relay::run() {
    while (!stopping_) {
        if (cut_) {
            ::poll(nullptr, 0, tick_ms);
            continue;
        }
        std::vector<pollfd> waits{{listener_, POLLIN, 0}};
        for (const Link& link : links_) {
            waits.push_back({link.client, POLLIN, 0});
            waits.push_back({link.server, POLLIN, 0});
        }
        if (::poll(waits.data(), waits.size(), tick_ms) <= 0 || cut_)
            continue;
        std::vector<Link> open;
        for (std::size_t i = 0; i < links_.size(); ++i) {
            const Link& link = links_[i];
            const bool lives = (waits[2 * i + 1].revents == 0 || carry(link.client, link.server)) &&
                               (waits[2 * i + 2].revents == 0 || carry(link.server, link.client));
            if (lives) {
                open.push_back(link);
                continue;
            }
            ::close(link.client);
            ::close(link.server);
        }
        links_ = std::move(open);
        if (waits[0].revents != 0)
            accept();
    }
}

}  // namespace pchat::test
