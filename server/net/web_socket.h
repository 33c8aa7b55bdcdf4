// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/frame.h"
#include "server/net/ws_frame.h"

#include <cstddef>
#include <string_view>

namespace pchat::net {

class IoThread;

/// A WebSocket connection as its user sees it. All calls on its own IoThread.
class WebSocket {
public:
    virtual ~WebSocket() = default;
    virtual IoThread& thread() = 0;

    /// Queues an encoded frame (ws::encode); written at the end of the thread's turn with all that
    /// has gathered by then. What is beyond the outbound limit closes the connection with 4008.
    virtual void send(const Frame& frame) = 0;
    /// Sends what is queued, then the close frame; waits for the other side's within a bound.
    /// Nothing is received any more.
    virtual void close(ws::CloseCode code, std::string_view reason) = 0;
    /// Reads no further, so that the other side's kernel holds back what it sends; control frames
    /// wait as well. What has been read already (32 kB at most) still comes. Counts: as many
    /// resumes as pauses.
    virtual void pause() = 0;
    virtual void resume() = 0;
    [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
    [[nodiscard]] virtual std::string_view peer() const = 0;
};

/// Who takes what comes over a WebSocket. Called on its thread; destroyed with the connection.
class WebSocketUser {
public:
    virtual ~WebSocketUser() = default;
    /// Right after the answer 101: `socket` outlives this object.
    virtual void opened(WebSocket& socket) = 0;
    virtual void text(std::string_view message) = 0;
    /// Every second or so, for deadlines of its own.
    virtual void tick() {}
    /// The last call, never from inside a call of the user's to its socket, which it may not use
    /// afterwards. `code` is what ended it, `none` for a connection that broke. Does not come when
    /// the pool is stopped under an open connection.
    virtual void closed(ws::CloseCode code) = 0;
};

}  // namespace pchat::net
