// SPDX-License-Identifier: Apache-2.0
#include "tests/support/odd_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace pchat::test {
namespace {

constexpr int longest_queue = 16;
constexpr int silence_ms = 200;

int check(int result, const char* call) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), call);
    return result;
}

sockaddr_in loopback(int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<in_port_t>(port));
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

int bind_any(int socket) {
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    check(::bind(socket, reinterpret_cast<sockaddr*>(&address), length), "bind");
    check(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
    return ntohs(address.sin_port);
}

}  // namespace

OddPort::OddPort(Manner manner)
    : listener_(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")),
      number_(bind_any(listener_)) {
    if (manner == Manner::refuses)
        return;
    check(::listen(listener_, manner == Manner::silent ? 0 : longest_queue), "listen");
    if (manner == Manner::silent)
        fill_queue();
    else
        answering_ = std::thread{[this] { answer_all(); }};
}

OddPort::~OddPort() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes accept
    if (answering_.joinable())
        answering_.join();
    for (const int socket : waiting_)
        ::close(socket);
    ::close(listener_);
}

// Once the queue of those who wait to be accepted is full, the kernel drops whoever comes next.
void OddPort::fill_queue() {
    const sockaddr_in address = loopback(number_);
    for (int i = 0; i < longest_queue; ++i) {
        const int socket =
            check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
        waiting_.push_back(socket);
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        pollfd connected{socket, POLLOUT, 0};
        if (::poll(&connected, 1, silence_ms) == 0)
            return;
    }
    throw std::runtime_error("the queue of a listening socket has no end");
}

void OddPort::answer_all() const {
    constexpr std::string_view answer = "HTTP/1.0 400 Bad Request\r\n\r\n";
    for (;;) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            return;
        ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(client);
    }
}

}  // namespace pchat::test
