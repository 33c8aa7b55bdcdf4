// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/net/listener.h"
#include "server/net/socket.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pchat::net {

/// A non-blocking socket that listens; what it accepts inherits the options that notice a dead
/// link.
Result<Descriptor> listening_socket(const ListenAt& at, const ConnectionLimits& limits);

std::uint16_t port_of(const Descriptor& socket);

/// One connection from the queue of the kernel.
struct Accepted {
    Descriptor socket;
    std::string peer;
};
struct NothingAccepted {
    enum class Why : std::uint8_t {
        queue_empty,
        gone,     // that one; the next may be there
        no_room,  // no descriptors or memory: the queue stays as it is
    };
    Why why{};
    int error = 0;
};
using AcceptOutcome = tl::expected<Accepted, NothingAccepted>;
AcceptOutcome accept_one(int listening);

}  // namespace pchat::net
