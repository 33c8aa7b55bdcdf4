// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/ws_frame.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pchat::ws {

/// Takes what a client sent. Views live as long as the call.
class Receiver {
public:
    virtual ~Receiver() = default;
    virtual void text(std::string_view message) = 0;
    virtual void ping(std::string_view payload) = 0;
    virtual void pong(std::string_view payload) = 0;
    /// Nothing that follows it is read.
    virtual void closed(CloseCode code, std::string_view reason) = 0;
};

/// Reads what a client sends, in whatever pieces it comes: frames, masks, fragments, control frames
/// in between, limits, UTF-8. Holds no memory while no message is under way. For one thread.
class Reader {
public:
    /// A longer message, in one frame or many, is refused before it is taken in.
    explicit Reader(std::size_t longest_message) : longest_(longest_message) {}

    /// Unmasks in place. The code is what to close with: the client broke the protocol, and
    /// nothing more is to be read from it.
    std::optional<CloseCode> feed(std::span<char> bytes, Receiver& receiver);

    /// After a close frame or a breach.
    [[nodiscard]] bool finished() const { return finished_; }

private:
    std::optional<CloseCode> read_header();
    std::optional<CloseCode> begin_payload();
    std::optional<CloseCode> end_frame(std::string_view payload, Receiver& receiver);
    std::optional<CloseCode> end_control(std::string_view payload, Receiver& receiver);
    std::optional<CloseCode> end_message(std::string_view message, Receiver& receiver);
    std::optional<CloseCode> take_payload(std::span<char>& bytes, Receiver& receiver);
    void unmask(std::span<char> bytes);
    [[nodiscard]] std::size_t header_size() const;
    [[nodiscard]] bool is_control() const { return opcode_ >= Opcode::close; }
    void forget_frame();

    std::size_t longest_;
    std::array<unsigned char, 14> header_{};
    std::size_t header_length_ = 0;  // bytes of the header that are here
    std::uint64_t left_ = 0;         // of the payload
    std::uint64_t length_ = 0;
    std::size_t mask_at_ = 0;
    Opcode opcode_ = Opcode::continuation;
    bool final_ = false;
    bool in_payload_ = false;
    bool in_message_ = false;  // fragments of one are under way
    bool finished_ = false;
    std::string message_;  // what has come of it
    std::string control_;  // of a control frame that came in pieces
};

}  // namespace pchat::ws
