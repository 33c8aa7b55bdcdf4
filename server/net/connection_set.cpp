// SPDX-License-Identifier: Apache-2.0
#include "server/net/connection_set.h"

#include "server/net/channel.h"
#include "server/net/connection.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pchat::net {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t read_at_once = 32 * 1024;  // more than a record of TLS

// Deadlines are met within a quarter of the shortest, or a second: that long is a round.
milliseconds round_time(const ConnectionLimits& limits) {
    const milliseconds shortest =
        std::min({limits.request_time, limits.idle_time, limits.ping_interval, limits.close_time});
    return std::clamp(shortest / 4, milliseconds{10}, milliseconds{1000});
}

}  // namespace

ConnectionSet::ConnectionSet(IoThread& thread, Premises& premises)
    : thread_(thread), premises_(premises), replies_(thread),
      flush_(thread, premises.limits.gather_time, premises.limits.portion_time),
      read_buffer_(read_at_once) {
    thread_.post([this] { tick_later(); });
}

ConnectionSet::~ConnectionSet() {
    for (const auto& connection : connections_)
        connection->abandon();
}

void ConnectionSet::adopt(Descriptor socket, std::string peer) {
    // Shared because posted work has to be copyable; it closes the socket where it never runs.
    auto held = std::make_shared<Descriptor>(std::move(socket));
    thread_.post([this, held = std::move(held), peer = std::move(peer)]() mutable {
        open(std::move(*held), std::move(peer));
    });
}

void ConnectionSet::open(Descriptor socket, std::string peer) {
    auto channel =
        premises_.tls ? premises_.tls->channel(socket.number()) : plain_channel(socket.number());
    if (!channel) {
        doorkeeper().left(peer, Doorkeeper::Was::waiting);
        return;
    }
    auto connection =
        std::make_shared<Connection>(*this, std::move(socket), std::move(channel), std::move(peer));
    connection->place = connections_.size();
    connections_.push_back(connection);
    connection->begin();
}

void ConnectionSet::remove(Connection& connection) {
    const std::size_t place = connection.place;
    connections_.back()->place = place;
    connections_[place].swap(connections_.back());
    connections_.pop_back();
}

void ConnectionSet::add_to(ListenerCounts& counts) const {
    counts.slow_consumers += counters_.slow_consumers.load(std::memory_order_relaxed);
    counts.written_bytes += counters_.written_bytes.load(std::memory_order_relaxed);
    counts.writes += counters_.writes.load(std::memory_order_relaxed);
    counts.open_web_sockets += counters_.open_web_sockets.load(std::memory_order_relaxed);
}

void ConnectionSet::tick_later() {
    const std::chrono::microseconds round = round_time(limits());
    thread_.after(round / Round::parts(connections_.size()), [this] {
        tick();
        tick_later();
    });
}

// From the end: one that dies is replaced by one that has had its turn.
void ConnectionSet::tick() {
    const SteadyTime now = std::chrono::steady_clock::now();
    const Round::Part part = round_.next(connections_.size());
    for (std::size_t place = part.end; place-- > part.first;) {
        if (place >= connections_.size())
            continue;
        const auto connection = connections_[place];
        connection->tick(now);
    }
}

}  // namespace pchat::net
