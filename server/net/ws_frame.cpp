// SPDX-License-Identifier: Apache-2.0
#include "server/net/ws_frame.h"

namespace pchat::ws {
namespace {

constexpr unsigned final_frame = 0x80;
constexpr std::size_t longest_reason = 123;  // 125 without the code

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>((value >> shift) & 0xFF);
}

}  // namespace

std::string encode(Opcode opcode, std::string_view payload) {
    std::string out;
    out.reserve(payload.size() + 10);
    out += static_cast<char>(final_frame | static_cast<unsigned>(opcode));
    if (payload.size() < 126) {
        out += static_cast<char>(payload.size());
    } else if (payload.size() < 65536) {
        out += static_cast<char>(126);
        append_big_endian(out, payload.size(), 2);
    } else {
        out += static_cast<char>(127);
        append_big_endian(out, payload.size(), 8);
    }
    return out.append(payload);
}

std::string encode_close(CloseCode code, std::string_view reason) {
    if (reason.size() > longest_reason) {
        std::size_t end = longest_reason;
        while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80)
            --end;
        reason = reason.substr(0, end);
    }
    std::string payload;
    append_big_endian(payload, static_cast<std::uint16_t>(code), 2);
    return encode(Opcode::close, payload.append(reason));
}

bool may_be_received(std::uint16_t code) {
    if (code >= 3000)
        return code < 5000;
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

}  // namespace pchat::ws
