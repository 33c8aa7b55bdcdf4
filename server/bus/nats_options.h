// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "server/bus/bus.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::bus {

/// Where a nats-server listens: host name or address, IPv6 without brackets.
struct NodeAddress {
    std::string host;
    std::uint16_t port = 4222;

    [[nodiscard]] std::string written() const;  // "host:4222", "[::1]:4222"
    [[nodiscard]] bool loopback() const;
};

/// PEM files for TLS both ways.
struct TlsFiles {
    std::string authority;  // whose certificates count on the other side
    std::string certificate;
    std::string key;
};

struct NatsOptions {
    std::vector<NodeAddress> nodes;  // tried in this order: the one of this machine first
    std::string name;                // of this server, as a node's log shows it
    std::string user;                // empty: nobody in particular
    Secret password = {};
    std::optional<TlsFiles> tls = {};           // must be there when a node is on another machine
    std::chrono::milliseconds patience{2'000};  // for a connection, and for each flush
    std::chrono::milliseconds ping_interval{1'000};
    int pings_unanswered = 2;              // the next one ends the link
    std::chrono::milliseconds pause{100};  // after all nodes have failed; up to half as much more
    Bounds bounds = {};                    // each way
};

/// Whether cnats can say it to a node: it writes names and passwords into JSON as they are.
bool can_be_sent(std::string_view name_or_password);

/// What can be told without asking a node.
Result<void> check(const NatsOptions& options);

/// How a connection fails, as cnats tells it.
enum class NatsTrouble : std::uint8_t { unreachable, timeout, sign_in, tls, no_tls, lost, other };

/// In words for whoever has to put it right; `detail` is what cnats says.
std::string describe(
    NatsTrouble trouble,
    const std::string& detail,
    const NatsOptions& options,
    const NodeAddress& node
);

}  // namespace pchat::bus
