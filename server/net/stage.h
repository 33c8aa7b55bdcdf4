// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http.h"

#include <chrono>
#include <span>

namespace pchat::net {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What a connection is at the moment: HTTP, a WebSocket, or at its end. The connection calls it on
/// its thread, and never from inside a call of the stage's own.
class Stage {
public:
    virtual ~Stage() = default;
    virtual void begin() {}
    [[nodiscard]] virtual bool wants_input() const = 0;
    /// The bytes may be changed; they are gone after the call.
    virtual void received(std::span<char> bytes) = 0;
    /// The other side has ended or broken the connection.
    virtual void ended() = 0;
    /// All that was queued has left.
    virtual void written() {}
    /// At the end of a turn in which something was queued, before it is written.
    virtual void turn_ended() {}
    /// About once a second: deadlines.
    virtual void tick(SteadyTime now) = 0;
    /// The site's answer to the request that it was given.
    virtual void answered(HttpResponse /*response*/) {}
};

}  // namespace pchat::net
