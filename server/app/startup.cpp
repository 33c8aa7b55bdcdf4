// SPDX-License-Identifier: Apache-2.0
#include "server/app/startup.h"

#include "base/log.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "base/version.h"
#include "server/app/database_target.h"
#include "server/service/pool_admin.h"
#include "server/service/published_topology.h"
#include "server/store/sql/database.h"
#include "server/store/sql/durability.h"
#include "server/store/sql/migrate.h"
#include "server/store/sql/schema.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace pchat::app {

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

Result<void> check_database(
    const Settings& settings, const DatabaseSettings& chosen, sql::Purpose purpose
) {
    Result<sql::Target> target = target_of(settings, chosen, variable);
    if (!target)
        return pass(std::move(target).error());
    const sql::Engine engine = target->engine;
    sql::Database database{std::move(*target)};
    if (Result<void> good = sql::check_schema(database, sql::built_in_steps(engine, purpose));
        !good)
        return good;
    if (*settings.allow_unsafe_durability)
        return {};
    return database.read("checking durability", [](sql::Session& session) {
        return sql::check_durability(session);
    });
}

std::chrono::milliseconds registry_lifetime(const Settings& settings) {
    return std::chrono::seconds{*settings.registry.lifetime_seconds};
}

namespace {

/// What a server becomes that was never here: active if the topology wants that, and there is room.
Result<ServerState> state_of_newcomer(ContentTransaction& tx, const Settings& settings) {
    const auto servers = tx.registry().list();
    const auto now = tx.registry().now();
    const auto published = tx.topologies().latest();
    if (!servers || !now)
        return pass(!servers ? servers.error() : now.error());
    if (!published)
        return pass(published.error());
    const std::string fqdn = lower_ascii(*settings.server.fqdn);
    std::size_t active = 0;
    std::size_t living = 0;
    for (const pchat::Server& one : *servers) {
        if (lower_ascii(one.fqdn) == fqdn && one.state != ServerState::removed)
            return one.state;  // it is known
        active += wanted(one.state) == ServerState::active ? 1U : 0U;
        living += is_living(one, *now) ? 1U : 0U;
    }
    if (living >= most_servers)
        return fail_as(
            "too-many-servers",
            Errc::conflict,
            fmt::format("the pool has {} servers already, '{}' is one too many", living, fqdn),
            "stop one of them first; see: pchatctl pool status"
        );
    const std::string& pool = settings.server.pool->empty() ? fqdn : *settings.server.pool;
    const PublishedTopology topology =
        *published ? read_published(**published) : PublishedTopology{};
    const PublishedTopology::Machine* machine = topology.machine(pool, fqdn);
    const bool planned = topology.version == 0 || (machine != nullptr && machine->active);
    if (planned && active < most_active_servers)
        return ServerState::active;
    log::warning(
        "this server is new to the pool and takes no users yet: {}; see: pchatctl pool active add",
        planned ? "enough others are active" : "the topology does not have it as active"
    );
    return ServerState::standby;
}

}  // namespace

Result<Life> enter_registry(ContentDatabase& content, const Settings& settings, Microseconds now) {
    Life out;
    Result<void> done = content.write("entering the registry", [&](ContentTransaction& tx) {
        // Whoever changes the servers of the pool waits until this one is among them.
        if (auto turn = tx.registry().put_fact(servers_turn, fmt::format("{}", now)); !turn)
            return turn;
        const auto id = tx.registry().take_ids(IdKind::server, 1);
        if (!id)
            return Result<void>{pass(id.error())};
        const Result<ServerState> state = state_of_newcomer(tx, settings);
        if (!state)
            return Result<void>{pass(state.error())};
        Enrolment self;
        self.id = ServerId{*id};
        self.uuid = make_uuid(now);
        self.fqdn = *settings.server.fqdn;
        self.addresses = "[]";  // until its ports are known
        self.state = *state;
        self.version = version();
        self.lifetime = std::chrono::microseconds{registry_lifetime(settings)}.count();
        const Result<pchat::Server> server = tx.registry().enrol(self);
        if (!server)
            return Result<void>{pass(server.error())};
        out = {server->id, server->epoch};
        return Result<void>{};
    });
    if (!done)
        return pass(std::move(done).error());
    return out;
}

}  // namespace pchat::app
