// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "server/bus/nats_options.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pchat::bus {

/// The TCP port on which the nodes of a pool talk to each other, unless the topology says another.
inline constexpr std::uint16_t default_bus_port = 8011;

struct NatsUser {
    std::string name;
    Secret password;
};

/// One nats-server of a pool.
struct NatsNode {
    std::string name;                        // unique in the pool
    std::string cluster;                     // the pool
    NodeAddress clients;                     // where it listens for servers
    std::optional<NodeAddress> routes = {};  // and for the other nodes; nothing: it is the only one
    std::vector<NodeAddress> others = {};    // where those listen; itself among them does no harm
    std::optional<TlsFiles> client_tls = {};  // both ways; must be there off loopback
    std::optional<TlsFiles> route_tls = {};   // both ways; must be there off loopback
    std::vector<NatsUser> users = {};         // each may use subjects below `pchat.`; none: anybody
    std::size_t max_payload = 1'048'576;
};

/// The configuration file of such a node, which holds the passwords: for its user's eyes only.
/// Refuses what would make a node that others can read or join.
Result<Secret> nats_config(const NatsNode& node);

}  // namespace pchat::bus
