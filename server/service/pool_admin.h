// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/pool_drain.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A server of the pool with what it tells of itself.
struct PoolServer {
    Server row;
    std::string figures;         // JSON, as with its last heartbeat; empty: it never told
    std::optional<Drain> drain;  // while it is draining
};

struct PoolPicture {
    std::vector<PoolServer> servers;  // by name
    Microseconds now = 0;             // by the database's clock
    std::int64_t revision = 0;        // another one when the state of a server is
};

/// What becomes of the list of servers that take users: one of the three.
struct ActiveChange {
    std::optional<std::vector<std::string>> set = {};
    std::vector<std::string> add = {};
    std::vector<std::string> remove = {};
    bool swap = false;  // the others instead of those on it
};

/// One server whose state was changed.
struct StateChange {
    std::string server;
    ServerState from = ServerState::active;
    ServerState to = ServerState::active;
};

/// How long people may stay at a server that is drained.
constexpr std::chrono::seconds longest_drain = std::chrono::hours{24};

/// What changes of the pool's servers take turns by; who enters the registry does, too.
constexpr std::string_view servers_turn = "servers_at";

// All wait; the caller has asked for the role. Nothing is changed twice: an empty list says so.

Result<PoolPicture> read_pool(ContentDatabase& content);
/// `server-not-found` with the nearest name that there is.
Result<const PoolServer*> find_server(const PoolPicture& pool, std::string_view fqdn);
Result<std::vector<StateChange>> change_active(
    Changes& changes, const AdminCall& call, const ActiveChange& wanted
);
/// `draining`: none changes nothing. `within`: how long people may stay, also of a server that is
/// draining already; none: as usual.
Result<std::vector<StateChange>> change_drain(
    Changes& changes,
    const AdminCall& call,
    std::string_view fqdn,
    std::optional<bool> draining,
    std::optional<std::chrono::seconds> within = {}
);
/// Makes it active, standby or draining, whatever it was before. `within`: as with `change_drain`.
Result<std::vector<StateChange>> change_state(
    Changes& changes,
    const AdminCall& call,
    std::string_view fqdn,
    ServerState state,
    std::optional<std::chrono::seconds> within = {}
);
/// Of one that is gone for good. Should it come back all the same, it is new to the pool.
Result<std::vector<StateChange>> remove_server(
    Changes& changes, const AdminCall& call, std::string_view fqdn
);

/// "standby": as it is written everywhere.
std::string_view to_string(ServerState state);
/// The fact with what a server tells of itself.
std::string figures_fact(ServerId server);

}  // namespace pchat
