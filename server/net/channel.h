// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace pchat::net {

/// What one attempt to move bytes came to.
struct Transfer {
    enum class State : std::uint8_t {
        moved,
        wants_read,   // try again when the socket can be read
        wants_write,  // try again when the socket can be written
        closed,       // the other side sends no more
        failed
    };
    State state{};
    std::size_t bytes = 0;
};

/// The bytes of a connection, plain or through TLS, over a non-blocking socket that somebody else
/// owns and waits for. For one thread.
class Channel {
public:
    virtual ~Channel() = default;

    /// `moved`: bytes may flow.
    virtual Transfer handshake() = 0;
    virtual Transfer read_some(std::span<char> into) = 0;
    virtual Transfer write_gathered(std::span<const iovec> pieces) = 0;
    /// Bytes of a write that found no room: they have to come again before any others.
    [[nodiscard]] virtual std::size_t committed() const = 0;
    /// Tells the other side that nothing more will come.
    virtual void end_writing() = 0;
};

std::unique_ptr<Channel> plain_channel(int socket);

}  // namespace pchat::net
