// SPDX-License-Identifier: Apache-2.0
#include "tests/support/chat_client.h"

#include "server/net/ws_frame.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pchat::test {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using namespace std::chrono_literals;

constexpr auto longest_wait = 20s;

SteadyTime in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

int connected_socket(std::uint16_t port) {
    const int out = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // From another address: while a server is down, a connection to its port could get that very
    // port for its own end, meet itself, and keep the server from coming back.
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    ::bind(out, reinterpret_cast<const sockaddr*>(&from), sizeof from);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(out, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        const std::string why = std::strerror(errno);
        ::close(out);
        throw ChatClosed("cannot connect: " + why);
    }
    const int on = 1;
    ::setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return out;
}

bool write_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool readable(int socket, SteadyTime deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{socket, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) > 0;
}

// Masked with zeroes, which changes nothing.
std::string masked(ws::Opcode opcode, std::string_view text) {
    std::string out = ws::encode(opcode, text);
    out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | 0x80U);
    out.insert(out.size() - text.size(), 4, '\0');
    return out;
}

}  // namespace

ChatClient::ChatClient(std::uint16_t port, const std::string& token)
    : socket_(connected_socket(port)) {
    std::string request =
        "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: pchat.v1\r\n";
    if (!token.empty())
        request += "Authorization: Bearer " + token + "\r\n";
    const auto deadline = in(longest_wait);
    write(request + "\r\n");
    std::size_t end = std::string::npos;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(deadline)) {
            drop();
            throw ChatClosed("no answer to the upgrade");
        }
    if (unread_.compare(0, 12, "HTTP/1.1 101") != 0) {
        drop();
        throw ChatClosed("no upgrade: " + unread_.substr(0, unread_.find('\r')));
    }
    unread_.erase(0, end + 4);
}

ChatClient::ChatClient(ChatClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), close_code_(other.close_code_),
      last_id_(other.last_id_), unread_(std::move(other.unread_)), kept_(std::move(other.kept_)) {}

ChatClient::~ChatClient() {
    drop();
}

void ChatClient::drop() {
    if (socket_ >= 0)
        ::close(std::exchange(socket_, -1));
}

bool ChatClient::write(std::string_view bytes) {
    return socket_ >= 0 && write_all(socket_, bytes);
}

bool ChatClient::send_text(std::string_view text) {
    return write(masked(ws::Opcode::text, text));
}

bool ChatClient::send(const Json& request) {
    return send_text(request.dump());
}

bool ChatClient::fill(SteadyTime deadline) {
    if (socket_ < 0 || !readable(socket_, deadline))
        return false;
    std::array<char, 65'536> buffer{};
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
        drop();
        return false;
    }
    unread_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<ChatClient::Json> ChatClient::read_frame(SteadyTime deadline) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(unread_[i]); };
    for (;;) {
        const auto need = [&](std::size_t size) {
            while (unread_.size() < size)
                if (!fill(deadline))
                    return false;
            return true;
        };
        if (!need(2))
            return std::nullopt;
        std::size_t header = 2;
        std::uint64_t length = byte(1) & 0x7FU;
        if (length >= 126) {
            header = length == 126 ? 4 : 10;
            if (!need(header))
                return std::nullopt;
            length = 0;
            for (std::size_t i = 2; i < header; ++i)
                length = length << 8 | byte(i);
        }
        if (!need(header + length))
            return std::nullopt;
        const auto opcode = static_cast<ws::Opcode>(byte(0) & 0x0FU);
        const std::string payload = unread_.substr(header, length);
        unread_.erase(0, header + length);
        if (opcode == ws::Opcode::text)
            return Json::parse(payload);
        if (opcode == ws::Opcode::ping)
            write(masked(ws::Opcode::pong, payload));
        if (opcode == ws::Opcode::close) {
            if (payload.size() >= 2)
                close_code_ = static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
                              static_cast<unsigned char>(payload[1]);
            write(masked(ws::Opcode::close, payload.substr(0, 2)));
            drop();
            return std::nullopt;
        }
    }
}

std::optional<ChatClient::Json> ChatClient::next(std::chrono::milliseconds limit) {
    if (kept_.empty())
        return read_frame(in(limit));
    Json out = std::move(kept_.front());
    kept_.pop_front();
    return out;
}

ChatClient::Json ChatClient::answer(const std::string& id) {
    const auto fits = [&](const Json& frame) {
        return (frame["type"] == "ok" || frame["type"] == "err") && frame["id"] == id;
    };
    for (auto one = kept_.begin(); one != kept_.end(); ++one)
        if (fits(*one)) {
            Json out = std::move(*one);
            kept_.erase(one);
            return out;
        }
    const auto deadline = in(longest_wait);
    while (auto frame = read_frame(deadline)) {
        if (fits(*frame))
            return std::move(*frame);
        kept_.push_back(std::move(*frame));
    }
    throw ChatClosed(fmt::format("no answer to {}, close code {}", id, close_code_));
}

ChatClient::Json ChatClient::ask(Json request) {
    const std::string id = fmt::format("a{}", ++last_id_);
    request["id"] = id;
    send(request);
    return answer(id);
}

ChatClient::Json ChatClient::wait_for(const std::string& type) {
    for (auto one = kept_.begin(); one != kept_.end(); ++one)
        if ((*one)["type"] == type) {
            Json out = std::move(*one);
            kept_.erase(one);
            return out;
        }
    const auto deadline = in(longest_wait);
    while (auto frame = read_frame(deadline)) {
        if ((*frame)["type"] == type)
            return std::move(*frame);
        kept_.push_back(std::move(*frame));
    }
    throw ChatClosed(fmt::format("no {} came, close code {}", type, close_code_));
}

ChatClient::Json ChatClient::join(const std::string& room, std::optional<std::int64_t> since) {
    Json request{{"type", "join"}, {"room", room}};
    if (since)
        request["since"] = *since;
    return ask(std::move(request));
}

std::int64_t ChatClient::post(
    const std::string& room, const std::string& key, const std::string& body
) {
    const Json done = ask({{"type", "send"}, {"room", room}, {"key", key}, {"body", body}});
    if (done["type"] != "ok")
        throw ChatClosed("refused: " + done.dump());
    return done["seq"];
}

unsigned ChatClient::wait_for_end() {
    const auto deadline = in(longest_wait);
    while (auto frame = read_frame(deadline))
        kept_.push_back(std::move(*frame));
    if (socket_ >= 0)
        throw ChatClosed("the server did not close");
    return close_code_;
}

HttpAnswer http(
    std::uint16_t port,
    const std::string& method,
    const std::string& target,
    const std::string& token,
    const nlohmann::json& body
) {
    const int socket = connected_socket(port);
    std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", method, target);
    if (!token.empty())
        request += "Authorization: Bearer " + token + "\r\n";
    const std::string content = body.is_null() ? std::string{} : body.dump();
    if (!content.empty())
        request +=
            fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", content.size());
    write_all(socket, request + "\r\n" + content);
    std::string text;
    std::array<char, 16'384> buffer{};
    const auto deadline = in(longest_wait);
    while (readable(socket, deadline)) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got <= 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    const std::size_t head = text.find("\r\n\r\n");
    if (text.compare(0, 9, "HTTP/1.1 ") != 0 || head == std::string::npos)
        throw ChatClosed(fmt::format("no answer to {} {}", method, target));
    HttpAnswer out;
    out.status = std::stoi(text.substr(9, 3));
    out.text = text.substr(head + 4);
    out.body = nlohmann::json::parse(out.text, nullptr, false);
    return out;
}

}  // namespace pchat::test
