// SPDX-License-Identifier: Apache-2.0
#include "tests/support/swarm.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace pchat::test {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::string_view message_event = R"({"type":"msg")";

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Masked with zeroes, which changes nothing: cheap for us, and the server unmasks all the same.
std::string client_frame(std::string_view text, unsigned opcode = 1) {
    std::string out;
    out += static_cast<char>(0x80 | opcode);
    if (text.size() < 126) {
        out += static_cast<char>(0x80 | text.size());
    } else if (text.size() < 65'536) {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(text.size() >> 8);
        out += static_cast<char>(text.size() & 0xFF);
    } else {
        out += static_cast<char>(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>((text.size() >> shift) & 0xFF);
    }
    out.append(4, '\0');
    out += text;
    return out;
}

}  // namespace

Swarm::Swarm(std::vector<std::uint16_t> ports) : ports_(std::move(ports)), buffer_(buffer_size) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0)
        give_up("epoll");
}

Swarm::~Swarm() {
    disconnect();
    ::close(epoll_);
}

void Swarm::disconnect() {
    for (Peer& peer : peers_)
        if (peer.fd >= 0)
            ::close(peer.fd);
    peers_.clear();
    welcomes_ = 0;
}

void Swarm::open(std::size_t index, const std::string& token) {
    Peer& peer = peers_[index];
    peer.index = index;
    peer.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer.fd < 0)
        give_up("socket");
    const int on = 1;
    ::setsockopt(peer.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(ports_[index % ports_.size()]);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(peer.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
        errno != EINPROGRESS)
        give_up("connect");
    peer.unsent = fmt::format(
        "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: pchat.v1\r\nAuthorization: Bearer {}\r\n\r\n",
        token
    );
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.fd, &event);
}

void Swarm::connect(const std::vector<std::string>& tokens, std::size_t at_once) {
    const std::size_t before = peers_.size();
    peers_.resize(before + tokens.size());
    std::size_t next = 0;
    while (welcomes_ + lost_ < before + tokens.size()) {
        while (next < tokens.size() && before + next < welcomes_ + lost_ + at_once) {
            open(before + next, tokens[next]);
            ++next;
        }
        turn(100);
    }
}

void Swarm::flush(Peer& peer) {
    while (!peer.unsent.empty()) {
        const ssize_t sent =
            ::send(peer.fd, peer.unsent.data(), peer.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            return;
        peer.unsent.erase(0, static_cast<std::size_t>(sent));
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = peer.index;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, peer.fd, &event);
}

void Swarm::send(Peer& peer, std::string_view text) {
    write(peer, client_frame(text));
}

void Swarm::write(Peer& peer, const std::string& frame) {
    if (peer.unsent.empty()) {
        const ssize_t sent =
            ::send(peer.fd, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == static_cast<ssize_t>(frame.size()))
            return;
        peer.unsent = frame.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    } else {
        peer.unsent += frame;
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = peer.index;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, peer.fd, &event);
}

void Swarm::read(Peer& peer) {
    const ssize_t got = ::recv(peer.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        ::close(peer.fd);
        peer.fd = -1;
        ++lost_;
        return;
    }
    if (got < 0)
        return;
    std::string_view bytes{buffer_.data(), static_cast<std::size_t>(got)};
    bytes_ += bytes.size();
    if (!peer.partial.empty()) {
        peer.partial.append(bytes);
        const std::size_t used = take(peer, peer.partial);
        peer.partial.erase(0, used);
        return;
    }
    const std::size_t used = take(peer, bytes);
    if (used < bytes.size())
        peer.partial.assign(bytes.substr(used));
}

std::size_t Swarm::take(Peer& peer, std::string_view bytes) {
    std::size_t used = 0;
    if (!peer.upgraded) {
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos)
            return 0;
        if (bytes.substr(0, 12) != "HTTP/1.1 101")
            throw std::runtime_error(
                "no upgrade: " + std::string{bytes.substr(0, bytes.find('\r'))}
            );
        peer.upgraded = true;
        used = end + 4;
    }
    for (;;) {
        const std::string_view rest = bytes.substr(used);
        if (rest.size() < 2)
            return used;
        std::size_t header = 2;
        std::uint64_t length = static_cast<unsigned char>(rest[1]) & 0x7F;
        if (length >= 126) {
            const std::size_t more = length == 126 ? 2 : 8;
            header += more;
            if (rest.size() < header)
                return used;
            length = 0;
            for (std::size_t i = 2; i < header; ++i)
                length = length << 8 | static_cast<unsigned char>(rest[i]);
        }
        if (rest.size() < header + length)
            return used;
        frame(peer, rest[0] & 0x0F, rest.substr(header, length));
        used += header + length;
    }
}

void Swarm::frame(Peer& peer, int opcode, std::string_view payload) {
    if (opcode == 9)
        write(peer, client_frame(payload, 10));
    if (opcode != 1)
        return;
    ++peer.frames;
    const bool is_message = payload.substr(0, message_event.size()) == message_event;
    if (is_message) {
        ++peer.messages;
        ++messages_;
    } else if (!peer.welcome && payload.find(R"("type":"welcome")") != std::string_view::npos) {
        peer.welcome = true;
        ++welcomes_;
    }
    if (on_frame_ && (events_too_ || !is_message))
        on_frame_(peer, payload);
}

void Swarm::turn(int milliseconds) {
    std::array<epoll_event, 512> events{};
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        Peer& peer = peers_[event.data.u64];
        if (peer.fd >= 0 && (event.events & EPOLLOUT) != 0)
            flush(peer);
        if (peer.fd >= 0 && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
            read(peer);
    }
}

bool Swarm::run(std::chrono::milliseconds limit, const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        turn(1);
    }
    return true;
}

}  // namespace pchat::test
