// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/channel.h"
#include "server/net/outbox.h"
#include "server/net/socket.h"
#include "server/net/stage.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace pchat::net {

class ConnectionSet;

/// One accepted socket: moves bytes between it and the stage that it is in. Lives on one thread,
/// kept alive by its set and by whoever waits for the socket.
class Connection : public Waiter, public std::enable_shared_from_this<Connection> {
public:
    Connection(
        ConnectionSet& set, Descriptor socket, std::unique_ptr<Channel> channel, std::string peer
    );
    void begin();

    // For its stage.
    [[nodiscard]] ConnectionSet& set() const { return set_; }
    [[nodiscard]] const std::string& peer() const { return peer_; }
    [[nodiscard]] const Outbox& outbox() const { return outbox_; }
    /// Goes out at the end of the thread's turn, with all that was queued by then.
    void queue(const Frame& frame);
    /// Forgets what was queued and has not begun to leave.
    void drop_queue() { outbox_.drop_unbegun(*channel_); }
    /// Writes now what the kernel takes; calls nobody. For a queue that grows too long in one turn.
    void write_early();
    /// Calls the stage back at the end of the turn.
    void mark_dirty();
    /// The stage wants input again.
    void resume_reading();
    /// From the end of this event on. What is queued still leaves.
    void become(std::unique_ptr<Stage> next) { next_ = std::move(next); }
    /// A whole request has come: this is not one of those that only hold a place.
    void proved_itself();
    void end_writing() { channel_->end_writing(); }
    void die();

    // For its set.
    void end_turn();
    void tick(SteadyTime now);
    void answer(HttpResponse response);
    /// The thread has ended: frees what refers to the set.
    void abandon();
    std::size_t place = 0;  // in the set

private:
    void ready_to_read() override;
    void ready_to_write() override;
    void shake_hands();
    void read();
    void write();
    void after_event();
    void wait_to_read();
    void wait_to_write();
    void leave();

    ConnectionSet& set_;
    Socket socket_;
    std::unique_ptr<Channel> channel_;  // goes before the socket it uses
    Outbox outbox_;
    std::unique_ptr<Stage> stage_;
    std::unique_ptr<Stage> next_;
    std::string peer_;
    SteadyTime accepted_at_;
    std::uint64_t dirty_in_ = 0;  // the flush that it was added to last
    bool secured_ = false;        // the handshake of TLS is over
    bool proved_itself_ = false;
    bool broken_ = false;  // a write failed; the stage has yet to hear of it
    bool dead_ = false;
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;
    bool read_needs_write_ = false;  // TLS may have to write before it can read, and the reverse
    bool write_needs_read_ = false;
};

}  // namespace pchat::net
