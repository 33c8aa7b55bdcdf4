// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace pchat::test {
namespace {

constexpr int deadline_ms = 10'000;

void wait_for(int socket, short what) {
    pollfd waiting{socket, what, 0};
    if (::poll(&waiting, 1, deadline_ms) != 1)
        throw std::runtime_error("nothing came from the server in ten seconds");
}

}  // namespace

Client::Client(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int at_once = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "connect");
}

Client::~Client() {
    if (socket_ >= 0)
        ::close(socket_);
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)),
      at_end_(other.at_end_) {}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN)
            return false;
        if (sent < 0)
            wait_for(socket_, POLLOUT);
        else
            bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::send_byte_by_byte(std::string_view bytes) {
    for (const char& byte : bytes)
        send({&byte, 1});
}

void Client::end_sending() {
    ::shutdown(socket_, SHUT_WR);
}

bool Client::fill() {
    if (at_end_)
        return false;
    wait_for(socket_, POLLIN);
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    at_end_ = got <= 0;
    if (got > 0)
        unread_.append(buffer.data(), static_cast<std::size_t>(got));
    return !at_end_;
}

std::string Client::read(std::size_t bytes) {
    while (unread_.size() < bytes && fill()) {
    }
    std::string taken = unread_.substr(0, bytes);
    unread_.erase(0, bytes);
    return taken;
}

std::string Client::read_to(std::string_view mark) {
    std::size_t at = unread_.find(mark);
    while (at == std::string::npos && fill())
        at = unread_.find(mark);
    return read(at == std::string::npos ? unread_.size() : at + mark.size());
}

std::string Client::read_to_end() {
    while (fill()) {
    }
    return std::exchange(unread_, {});
}

std::string Client::read_response() {
    std::string response = read_to("\r\n\r\n");
    constexpr std::string_view header = "Content-Length: ";
    const std::size_t at = response.find(header);
    if (at != std::string::npos)
        response += read(std::stoul(response.substr(at + header.size())));
    return response;
}

bool Client::has_input() const {
    pollfd waiting{socket_, POLLIN, 0};
    return !unread_.empty() || ::poll(&waiting, 1, 0) == 1;
}

std::string upgrade_request(std::string_view path, std::string_view more) {
    std::string request = "GET ";
    return request.append(path)
        .append(" HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n")
        .append(more)
        .append("\r\n");
}

std::string client_frame(ws::Opcode opcode, std::string_view payload, unsigned first_bits) {
    std::string frame = ws::encode(opcode, payload);
    const std::size_t header = frame.size() - payload.size();
    frame[0] = static_cast<char>(first_bits | static_cast<unsigned>(opcode));
    frame[1] = static_cast<char>(static_cast<unsigned char>(frame[1]) | 0x80U);
    constexpr std::string_view mask = "\x37\xfa\x21\x3d";
    for (std::size_t i = 0; i < payload.size(); ++i)
        frame[header + i] = static_cast<char>(frame[header + i] ^ mask[i % mask.size()]);
    return frame.insert(header, mask);
}

unsigned ServerFrame::close_code() const {
    if (opcode != ws::Opcode::close || payload.size() < 2)
        return 0;
    return static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
           static_cast<unsigned char>(payload[1]);
}

ServerFrame read_frame(Client& client) {
    const std::string header = client.read(2);
    if (header.size() < 2)
        throw std::runtime_error("the connection ended where a frame was expected");
    std::size_t length = static_cast<unsigned char>(header[1]);
    if (length >= 126) {
        const std::string wide = client.read(length == 126 ? 2 : 8);
        length = 0;
        for (const char byte : wide)
            length = length << 8 | static_cast<unsigned char>(byte);
    }
    const auto opcode = static_cast<ws::Opcode>(static_cast<unsigned char>(header[0]) & 0x0FU);
    return {opcode, client.read(length)};
}

Client web_socket(std::uint16_t port, std::string_view path) {
    Client client{port};
    client.send(upgrade_request(path));
    const std::string answer = client.read_to("\r\n\r\n");
    if (answer.rfind("HTTP/1.1 101 ", 0) != 0)
        throw std::runtime_error("no upgrade: " + answer);
    return client;
}

}  // namespace pchat::test
