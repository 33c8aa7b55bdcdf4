// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/doorkeeper.h"
#include "server/net/flush.h"
#include "server/net/io_pool.h"
#include "server/net/listener.h"
#include "server/net/reply.h"
#include "server/net/round.h"
#include "server/net/socket.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pchat::net {

/// Written by one thread, read by whoever asks for the counts.
struct TrafficCounters {
    void add_written(std::size_t bytes, std::size_t calls) {
        written_bytes.fetch_add(bytes, std::memory_order_relaxed);
        writes.fetch_add(calls, std::memory_order_relaxed);
    }
    std::atomic<std::uint64_t> slow_consumers = 0;
    std::atomic<std::uint64_t> written_bytes = 0;
    std::atomic<std::uint64_t> writes = 0;
    std::atomic<std::size_t> open_web_sockets = 0;
};

/// What the connections of a listener share, whatever their thread.
struct Premises {
    ConnectionLimits limits;
    std::shared_ptr<TlsContext> tls;  // empty: plain
    WebSite& site;
    Doorkeeper doorkeeper;
};

/// The connections of one listener on one thread, and what they share there: the buffer they read
/// into, one clock for all deadlines, the turn in which they write.
class ConnectionSet {
public:
    ConnectionSet(IoThread& thread, Premises& premises);
    ~ConnectionSet();  // when the threads have ended
    ConnectionSet(const ConnectionSet&) = delete;
    ConnectionSet& operator=(const ConnectionSet&) = delete;

    /// From any thread. The doorkeeper has let it in.
    void adopt(Descriptor socket, std::string peer);

    // For its connections, on its thread.
    [[nodiscard]] IoThread& thread() const { return thread_; }
    [[nodiscard]] const ConnectionLimits& limits() const { return premises_.limits; }
    [[nodiscard]] WebSite& site() const { return premises_.site; }
    [[nodiscard]] Doorkeeper& doorkeeper() const { return premises_.doorkeeper; }
    [[nodiscard]] bool secure() const { return premises_.tls != nullptr; }
    [[nodiscard]] TrafficCounters& counters() { return counters_; }
    [[nodiscard]] ReplyDesk& replies() { return replies_; }
    [[nodiscard]] std::span<char> read_buffer() { return read_buffer_; }
    [[nodiscard]] FlushTurn& flush() { return flush_; }
    void remove(Connection& connection);

    /// From any thread.
    void add_to(ListenerCounts& counts) const;

private:
    void open(Descriptor socket, std::string peer);
    void tick();
    void tick_later();

    IoThread& thread_;
    Premises& premises_;
    TrafficCounters counters_;
    ReplyDesk replies_;
    FlushTurn flush_;
    std::vector<char> read_buffer_;
    std::vector<std::shared_ptr<Connection>> connections_;
    Round round_;
};

}  // namespace pchat::net
