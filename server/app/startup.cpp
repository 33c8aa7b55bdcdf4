// SPDX-License-Identifier: Apache-2.0
#include "server/app/startup.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "base/version.h"
#include "server/app/database_target.h"
#include "server/app/newcomer.h"
#include "server/app/service_manager.h"
#include "server/domain/server_life.h"
#include "server/service/pool_admin.h"
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

Result<Life> enter_registry(ContentDatabase& content, const Settings& settings, Microseconds now) {
    const std::string fqdn = lower_ascii(*settings.server.fqdn);
    const std::string& pool = settings.server.pool->empty() ? fqdn : *settings.server.pool;
    Life out;
    Result<void> done = content.write("entering the registry", [&](ContentTransaction& tx) {
        // Whoever changes the servers of the pool waits until this one is among them.
        if (auto turn = tx.registry().put_fact(servers_turn, fmt::format("{}", now)); !turn)
            return turn;
        const auto id = tx.registry().take_ids(IdKind::server, 1);
        if (!id)
            return Result<void>{pass(id.error())};
        const Result<ServerState> state = state_of_newcomer(tx, fqdn, pool);
        if (!state)
            return Result<void>{pass(state.error())};
        Enrolment self;
        self.id = ServerId{*id};
        self.uuid = make_uuid(now);
        self.fqdn = *settings.server.fqdn;
        self.addresses = no_addresses;
        self.state = *state;
        self.version = version();
        self.lifetime = 0;  // nobody is to count on it before it serves
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

Result<void> tell_starting(ContentDatabase& content, Life life) {
    notify_service_manager("EXTEND_TIMEOUT_USEC=60000000");
    return content.write("telling that this server starts", [&](ContentTransaction& tx) {
        return tx.registry().heartbeat({life.server, life.epoch, 0, 0, /*lifetime=*/0});
    });
}

}  // namespace pchat::app
