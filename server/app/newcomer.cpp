// SPDX-License-Identifier: Apache-2.0
#include "server/app/newcomer.h"

#include "base/log.h"
#include "base/unicode.h"
#include "server/domain/server_life.h"
#include "server/service/audit_text.h"
#include "server/service/buried.h"
#include "server/service/changes.h"
#include "server/service/pool_admin.h"
#include "server/service/published_topology.h"
#include "server/service/roll.h"

#include <fmt/format.h>

#include <span>

namespace pchat::app {
namespace {

bool is_present(const pchat::Server& server, Microseconds now) {
    return is_living(server, now) || is_starting(server, now);
}

/// Whether an active server that is not present needs its place no more.
Result<bool> is_gone(
    ContentTransaction& tx,
    const PublishedTopology& topology,
    const std::string& pool,
    const pchat::Server& server
) {
    if (topology.version > 0)
        return topology.machine(pool, server.fqdn) == nullptr;
    return has_signed_off(server) ? Result<bool>{false} : is_buried(tx, server);
}

Result<void> take_place_of(
    ContentTransaction& tx, const pchat::Server& server, const std::string& fqdn, Microseconds now
) {
    log::warning("server {} is gone: it is on standby, and this one has its place", server.fqdn);
    if (Result<void> set = tx.registry().set_state(server.id, ServerState::standby); !set)
        return set;
    const auto id = tx.registry().take_ids(IdKind::audit, 1);
    if (!id)
        return pass(id.error());
    AuditText text;
    text.text("state", to_string(wanted(server.state)), to_string(ServerState::standby));
    AuditEntry entry;
    entry.id = AuditId{*id};
    entry.at = now;
    entry.actor_name = "pchatd on " + fqdn;
    entry.action = "pool.active";
    entry.object_kind = audit_object_server;
    entry.object_id = server.id.value;
    entry.object_name = server.fqdn;
    entry.old_value = text.before();
    entry.new_value = text.after();
    return tx.audit().append(std::span<const AuditEntry>{&entry, 1});
}

/// Null: none of them gives way.
Result<const pchat::Server*> first_gone(
    ContentTransaction& tx,
    const PublishedTopology& topology,
    const std::string& pool,
    const Roll& roll
) {
    const pchat::Server* out = nullptr;
    for (const pchat::Server& one : roll.servers) {
        if (wanted(one.state) != ServerState::active || is_present(one, roll.now))
            continue;
        if (out != nullptr && out->heartbeat_at <= one.heartbeat_at)
            continue;
        const Result<bool> gone = is_gone(tx, topology, pool, one);
        if (!gone)
            return pass(gone.error());
        if (*gone)
            out = &one;
    }
    return out;
}

}  // namespace

Result<ServerState> state_of_newcomer(
    ContentTransaction& tx, const std::string& fqdn, const std::string& pool
) {
    const Result<Roll> roll = read_roll(tx);
    if (!roll)
        return pass(roll.error());
    const auto published = tx.topologies().latest();
    if (!published)
        return pass(published.error());
    std::size_t active = 0;
    std::size_t present = 0;
    const pchat::Server* known = nullptr;
    for (const pchat::Server& one : roll->servers) {
        if (lower_ascii(one.fqdn) == fqdn && one.state != ServerState::removed) {
            known = &one;
            continue;
        }
        active += wanted(one.state) == ServerState::active ? 1U : 0U;
        present += is_present(one, roll->now) ? 1U : 0U;
    }
    if (present >= most_servers)
        return fail_as(
            "too-many-servers",
            Errc::conflict,
            fmt::format("the pool has {} servers already, '{}' is one too many", present, fqdn),
            "stop one of them first; see: pchatctl pool status"
        );
    if (known != nullptr)
        return known->state;
    const PublishedTopology topology =
        *published ? read_published(**published) : PublishedTopology{};
    const PublishedTopology::Machine* machine = topology.machine(pool, fqdn);
    const bool planned = topology.version == 0 || (machine != nullptr && machine->active);
    if (planned && active < most_active_servers)
        return ServerState::active;
    if (planned) {
        const Result<const pchat::Server*> gone = first_gone(tx, topology, pool, *roll);
        if (!gone)
            return pass(gone.error());
        if (*gone != nullptr) {
            if (Result<void> taken = take_place_of(tx, **gone, fqdn, roll->now); !taken)
                return pass(std::move(taken).error());
            return ServerState::active;
        }
    }
    log::warning(
        "this server is new to the pool and takes no users yet: {}; see: pchatctl pool active add",
        planned ? "enough others are active" : "the topology does not have it as active"
    );
    return ServerState::standby;
}

}  // namespace pchat::app
