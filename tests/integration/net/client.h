// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/ws_frame.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::test {

/// The other side of a listener, byte for byte as a test says. Waits end after ten seconds by
/// throwing, which fails the test.
class Client {
public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(Client&& other) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    Client& operator=(Client&&) = delete;

    /// False when the server has closed.
    bool send(std::string_view bytes);
    void send_byte_by_byte(std::string_view bytes);
    /// Nothing more will be sent.
    void end_sending();
    /// The next bytes, as many, or to the end of the connection if that comes first.
    std::string read(std::size_t bytes);
    /// Up to and including `mark`, or to the end.
    std::string read_to(std::string_view mark);
    std::string read_to_end();
    /// An answer of HTTP with the body that its length announces.
    std::string read_response();
    /// What is here already, without waiting for more.
    [[nodiscard]] bool has_input() const;
    [[nodiscard]] int descriptor() const { return socket_; }

private:
    bool fill();

    int socket_;
    std::string unread_;
    bool at_end_ = false;
};

/// How a client begins a WebSocket; `more` are whole header lines.
std::string upgrade_request(
    std::string_view path, std::string_view more = "Sec-WebSocket-Protocol: pchat.v1\r\n"
);

/// A frame of a client, masked.
std::string client_frame(ws::Opcode opcode, std::string_view payload, unsigned first_bits = 0x80);

/// A frame of the server: what it holds.
struct ServerFrame {
    ws::Opcode opcode{};
    std::string payload;
    /// Of a close frame; 0 when there is none.
    [[nodiscard]] unsigned close_code() const;
};
ServerFrame read_frame(Client& client);

/// A client whose upgrade was answered with 101.
Client web_socket(std::uint16_t port, std::string_view path);

}  // namespace pchat::test
