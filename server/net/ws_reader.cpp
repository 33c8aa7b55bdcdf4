// SPDX-License-Identifier: Apache-2.0
#include "server/net/ws_reader.h"

#include "base/unicode.h"

#include <algorithm>

namespace pchat::ws {
namespace {

constexpr unsigned final_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;
constexpr std::size_t mask_size = 4;
constexpr std::uint64_t longest_control = 125;

}  // namespace

std::optional<CloseCode> Reader::feed(std::span<char> bytes, Receiver& receiver) {
    std::optional<CloseCode> broken;
    while (!finished_ && !broken && (!bytes.empty() || (in_payload_ && left_ == 0))) {
        if (in_payload_) {
            broken = take_payload(bytes, receiver);
            continue;
        }
        header_[header_length_++] = static_cast<unsigned char>(bytes.front());
        bytes = bytes.subspan(1);
        broken = read_header();
    }
    finished_ = finished_ || broken.has_value();
    return broken;
}

std::size_t Reader::header_size() const {
    const unsigned length = header_[1] & length_bits;
    return 2U + (length == 126 ? 2U : length == 127 ? 8U : 0U) + mask_size;
}

// Each byte is judged as soon as it is here: a client that errs learns it before it has sent more.
std::optional<CloseCode> Reader::read_header() {
    const unsigned first = header_[0];
    if (header_length_ == 1) {
        const unsigned code = first & opcode_bits;
        if ((first & reserved_bits) != 0 || (code > 2 && code < 8) || code > 10)
            return CloseCode::protocol_error;
        opcode_ = static_cast<Opcode>(code);
        final_ = (first & final_bit) != 0;
        if (opcode_ == Opcode::binary)
            return CloseCode::unsupported;
        const bool continues = opcode_ == Opcode::continuation;
        if (is_control() ? !final_ : continues != in_message_)
            return CloseCode::protocol_error;
        return std::nullopt;
    }
    if (header_length_ == 2) {
        if ((header_[1] & mask_bit) == 0)
            return CloseCode::protocol_error;
        if (is_control() && (header_[1] & length_bits) > longest_control)
            return CloseCode::protocol_error;
    }
    return header_length_ == header_size() ? begin_payload() : std::nullopt;
}

std::optional<CloseCode> Reader::begin_payload() {
    length_ = header_[1] & length_bits;
    const std::size_t wide = length_ == 126 ? 2 : length_ == 127 ? 8 : 0;
    if (wide > 0) {
        length_ = 0;
        for (std::size_t i = 0; i < wide; ++i)
            length_ = length_ << 8 | header_[2 + i];
        const bool too_wide = wide == 2 ? length_ < 126 : length_ < 65536;
        if (too_wide || (length_ >> 63) != 0)
            return CloseCode::protocol_error;
    }
    if (!is_control() && length_ > longest_ - std::min(longest_, message_.size()))
        return CloseCode::too_big;
    left_ = length_;
    mask_at_ = 0;
    in_payload_ = true;
    return std::nullopt;
}

std::optional<CloseCode> Reader::take_payload(std::span<char>& bytes, Receiver& receiver) {
    const auto here =
        bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    bytes = bytes.subspan(here.size());
    unmask(here);
    const bool whole = left_ == length_ && here.size() == length_;
    left_ -= here.size();
    const std::string_view piece{here.data(), here.size()};
    // The usual case: a whole message in what was read, handed on without a copy.
    if (whole && (is_control() || (final_ && !in_message_)))
        return end_frame(piece, receiver);
    std::string& kept = is_control() ? control_ : message_;
    kept += piece;
    if (left_ > 0)
        return std::nullopt;
    return end_frame(kept, receiver);
}

void Reader::unmask(std::span<char> bytes) {
    const unsigned char* mask = header_.data() + header_size() - mask_size;
    for (char& byte : bytes)
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ mask[mask_at_++ % mask_size]);
}

std::optional<CloseCode> Reader::end_frame(std::string_view payload, Receiver& receiver) {
    if (is_control()) {
        const auto broken = end_control(payload, receiver);
        control_.clear();
        forget_frame();
        return broken;
    }
    in_message_ = !final_;
    if (in_message_) {
        forget_frame();
        return std::nullopt;
    }
    const auto broken = end_message(payload, receiver);
    message_ = {};  // with its memory
    forget_frame();
    return broken;
}

std::optional<CloseCode> Reader::end_message(std::string_view message, Receiver& receiver) {
    if (first_invalid_utf8(message))
        return CloseCode::bad_text;
    receiver.text(message);
    return std::nullopt;
}

std::optional<CloseCode> Reader::end_control(std::string_view payload, Receiver& receiver) {
    if (opcode_ == Opcode::ping)
        receiver.ping(payload);
    if (opcode_ == Opcode::pong)
        receiver.pong(payload);
    if (opcode_ != Opcode::close)
        return std::nullopt;
    if (payload.size() == 1)
        return CloseCode::protocol_error;
    auto code = static_cast<std::uint16_t>(CloseCode::none);
    if (payload.size() >= 2) {
        code = static_cast<std::uint16_t>(
            static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1])
        );
        if (!may_be_received(code))
            return CloseCode::protocol_error;
        payload.remove_prefix(2);
        if (first_invalid_utf8(payload))
            return CloseCode::bad_text;
    }
    finished_ = true;
    receiver.closed(static_cast<CloseCode>(code), payload);
    return std::nullopt;
}

void Reader::forget_frame() {
    header_length_ = 0;
    in_payload_ = false;
    length_ = left_ = 0;
}

}  // namespace pchat::ws
