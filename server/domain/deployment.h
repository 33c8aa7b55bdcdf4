// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace pchat {

/// What an administrator wants of a server; whether it lives is another question. `stopped`:
/// active, written by earlier versions when a server ended.
enum class ServerState : std::uint8_t { standby = 1, active, draining, stopped, removed };
constexpr ServerState wanted(ServerState state) {
    return state == ServerState::stopped ? ServerState::active : state;
}

constexpr std::size_t most_active_servers = 4;
constexpr std::size_t most_servers = 8;

/// A server of the pool, as the registry knows it. `epoch` is the number of its life.
struct Server {
    ServerId id;
    std::string uuid;
    std::string fqdn;       // lower case
    std::string addresses;  // JSON list
    std::string version;
    ServerState state = ServerState::standby;
    std::int64_t epoch = 0;
    std::int64_t log_n = 0;     // last number it wrote to the origin log
    std::int64_t outbox_n = 0;  // and to the compliance outbox
    std::int64_t session_count = 0;
    std::int64_t load_permille = 0;
    Microseconds started_at = 0;
    Microseconds heartbeat_at = 0;
    Microseconds expires_at = 0;  // by the database's clock
};

/// Whether it counts: those that signed off, were removed or were not heard of for too long do not.
inline bool is_living(const Server& server, Microseconds now) {
    return server.expires_at > now && server.state != ServerState::removed;
}

/// Who may do what only one may do at a time.
struct Lease {
    std::string name;
    std::optional<ServerId> owner;  // none: a command line
    std::string owner_name;
    std::int64_t fencing_token = 0;  // rises with every new owner
    Microseconds acquired_at = 0;
    Microseconds expires_at = 0;
};

/// What a server changed, in its own order.
struct LogEntry {
    ServerId origin;
    std::int64_t n = 0;
    Microseconds at = 0;
    std::int64_t kind = 0;
    std::string body;  // JSON
};

struct TopologyVersion {
    std::int64_t version = 0;
    std::string document;  // YAML as published
    std::string sha256;
    Microseconds published_at = 0;
    std::string published_by;
    std::string comment;
};

enum class AuditOutcome : std::uint8_t { done = 1, refused };

// AuditEntry::object_kind; grows.
constexpr std::int64_t audit_object_principal = 1;

/// Who did what to which object, and what it was before and after.
struct AuditEntry {
    AuditId id;
    Microseconds at = 0;
    std::optional<ServerId> server;
    std::optional<PrincipalId> actor;  // none: a command line on the database
    std::string actor_name;
    std::string address;
    std::string request;
    std::string action;
    AuditOutcome outcome = AuditOutcome::done;
    std::int64_t object_kind = 0;
    std::optional<std::int64_t> object_id;
    std::string object_name;
    std::optional<std::string> old_value;  // JSON
    std::optional<std::string> new_value;  // JSON
};

}  // namespace pchat
