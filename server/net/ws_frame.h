// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::ws {

/// RFC 6455, 5.2.
enum class Opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10
};

/// RFC 6455, 7.4.1, and ours from 4000 on.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported = 1003,
    none = 1005,  // the other side gave none; never sent
    bad_text = 1007,
    too_big = 1009,
    internal = 1011,
    restart = 1012,
    not_signed_in = 4001,
    policy = 4003,
    slow_consumer = 4008,
    limits = 4009,
    server_full = 4013
};

/// A whole frame as a server sends it: final, not masked.
std::string encode(Opcode opcode, std::string_view payload);

/// A close frame. The reason is cut to what a control frame holds, between two characters.
std::string encode_close(CloseCode code, std::string_view reason);

/// Whether the other side may send it (RFC 6455, 7.4).
bool may_be_received(std::uint16_t code);

}  // namespace pchat::ws
