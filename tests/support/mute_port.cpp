// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mute_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace pchat::test {

MutePort::MutePort(std::string greeting)
    : greeting_(std::move(greeting)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
        ::listen(listener_, 1) != 0)
        throw std::runtime_error("no free port");
    number_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { greet(); }};
}

MutePort::~MutePort() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes accept
    thread_.join();
    ::close(listener_);
}

void MutePort::greet() {
    int held = -1;
    for (;;) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            break;
        if (held >= 0) {
            ::close(client);
            continue;
        }
        held = client;
        ::send(held, greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
        greeted_ = true;
    }
    if (held >= 0)
        ::close(held);
}

}  // namespace pchat::test
