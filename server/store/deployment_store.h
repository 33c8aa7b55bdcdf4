// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/compliance.h"
#include "server/domain/deployment.h"
#include "server/store/visit.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

/// What numbers are taken for.
enum class IdKind : std::uint8_t {
    principal,
    policy,
    category,
    room,
    addin,
    server,
    file,
    token,
    session,
    audit,
    wall,
    purge,
    endpoint
};
constexpr std::string_view to_string(IdKind kind) {
    constexpr std::array<std::string_view, 13> names{
        "principal",
        "policy",
        "category",
        "room",
        "addin",
        "server",
        "file",
        "token",
        "session",
        "audit",
        "wall",
        "purge",
        "endpoint"};
    return names[static_cast<std::size_t>(kind)];
}

/// What a server says of itself when it starts.
struct Enrolment {
    ServerId id;  // for one that was never here
    std::string uuid;
    std::string fqdn;
    std::string addresses;
    std::string version;
    ServerState state = ServerState::active;  // of one that was never here, or was removed
    Microseconds lifetime = 0;                // until it counts as lost, without a heartbeat
};

struct Heartbeat {
    ServerId id;
    std::int64_t epoch = 0;
    std::int64_t session_count = 0;
    std::int64_t load_permille = 0;
    Microseconds lifetime = 0;
};

/// The fact that holds the number below which no epoch and no fencing token may begin; `db restore`
/// raises it.
constexpr std::string_view fence_floor_fact = "fence_floor";

/// The reason of the refusal that a server meets whose life in the registry has ended. A database
/// that lets nobody in is something else: that may pass.
constexpr std::string_view server_replaced = "server-replaced";

/// The servers of the pool, the leases among them, and facts about the deployment.
class RegistryStore {
public:
    virtual ~RegistryStore() = default;

    /// The first of `count` numbers that nobody else gets.
    virtual Result<std::int64_t> take_ids(IdKind kind, std::int64_t count) = 0;
    /// The database's clock.
    virtual Result<Microseconds> now() = 0;

    virtual Result<std::optional<std::string>> fact(std::string_view name) = 0;
    virtual Result<void> put_fact(std::string_view name, std::string_view value) = 0;

    /// Begins a new life: a server with that name gets a higher epoch, and whoever had the one
    /// before is fenced. It stays what administrators have made of it.
    virtual Result<Server> enrol(const Enrolment& enrolment) = 0;
    /// Fails with `server_replaced` when another one took its place, as does `advance`.
    virtual Result<void> heartbeat(const Heartbeat& heartbeat) = 0;
    /// The first statement of every commit: fences, and numbers one log entry and `outbox` more
    /// entries of the outbox. The server returned has the last numbers taken.
    virtual Result<Server> advance(ServerId id, std::int64_t epoch, std::int64_t outbox) = 0;
    /// Where clients reach it: a JSON list, known once its ports are. `denied` as with `heartbeat`.
    virtual Result<void> announce(ServerId id, std::int64_t epoch, std::string_view addresses) = 0;
    /// An orderly end: at once it counts no longer as living. One that was replaced stays silent.
    virtual Result<void> leave(ServerId id, std::int64_t epoch) = 0;
    virtual Result<void> set_state(ServerId id, ServerState state) = 0;
    /// Ends the life: the next thing it wants to write is refused. False: it had ended already.
    virtual Result<bool> fence(ServerId id, std::int64_t epoch) = 0;
    virtual Result<std::vector<Server>> list() = 0;

    /// The lease when it is ours now: it was free, had expired, or is renewed.
    virtual Result<std::optional<Lease>> acquire(const Lease& wanted, Microseconds lifetime) = 0;
    virtual Result<void> release(const Lease& lease) = 0;
    virtual Result<std::vector<Lease>> leases() = 0;
};

/// What each server changed, and what compliance must see of it. One writer an origin.
class LogStore {
public:
    virtual ~LogStore() = default;

    virtual Result<void> append(const LogEntry& entry) = 0;
    virtual Result<std::vector<LogEntry>> after(ServerId origin, std::int64_t n, int limit) = 0;
    /// Erases up to `limit` entries from the front, written before `at`; how many.
    virtual Result<std::int64_t> trim(ServerId origin, Microseconds at, int limit) = 0;

    virtual Result<void> append_outbox(std::span<const OutboxEntry> entries) = 0;
    virtual Result<std::vector<OutboxEntry>> outbox(ServerId origin, int limit) = 0;
    virtual Result<std::vector<OutboxEntry>> outbox_after(
        ServerId origin, std::int64_t n, int limit
    ) = 0;
    /// They have arrived: erases those numbered up to `n`.
    virtual Result<void> erase_outbox(ServerId origin, std::int64_t n) = 0;
};

class TopologyStore {
public:
    virtual ~TopologyStore() = default;

    /// `conflict` when `topology.version` is not one more than the last.
    virtual Result<void> publish(const TopologyVersion& topology) = 0;
    virtual Result<std::optional<TopologyVersion>> latest() = 0;
    virtual Result<std::optional<TopologyVersion>> find(std::int64_t version) = 0;
    /// Newest first, documents left out.
    virtual Result<std::vector<TopologyVersion>> list(int limit) = 0;
};

/// Which entries are wanted, and where the page begins: newest first.
struct AuditQuery {
    Microseconds up_to = 0;
    AuditId before;  // of those at `up_to`
    std::optional<PrincipalId> actor;
    std::optional<std::int64_t> object_kind;  // with object_id
    std::optional<std::int64_t> object_id;
    int limit = 50;
};

class AuditStore {
public:
    virtual ~AuditStore() = default;

    virtual Result<void> append(std::span<const AuditEntry> entries) = 0;
    virtual Result<std::vector<AuditEntry>> list(const AuditQuery& query) = 0;
};

}  // namespace pchat
