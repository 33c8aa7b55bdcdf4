// SPDX-License-Identifier: Apache-2.0
#include "server/app/database_target.h"

#include "server/store/sql/address.h"

#include <utility>

namespace pchat::app {

Result<sql::Target> target_of(
    const Settings& settings, const DatabaseSettings& database, const EnvironmentLookup& environment
) {
    sql::Address address;
    address.engine = *database.engine;
    if (address.engine == sql::Engine::sqlite) {
        address.database = settings.path(*database.file);
        return sql::target_at(address);
    }
    address.host = *database.host;
    if (database.port.given())
        address.port = static_cast<int>(*database.port);
    address.instance = *database.instance;
    address.database = *database.name;
    address.driver = *database.driver;
    if (database.tls.mode.given())
        address.encryption = *database.tls.mode;
    if (!database.tls.ca->empty())
        address.ca_file = settings.path(*database.tls.ca);
    sql::Target target = sql::target_at(address);
    // People wait for the answer; nothing that a server asks for needs longer.
    target.statement_timeout = std::chrono::seconds{10};
    Result<Secret> password =
        read_secret(*database.password, settings.folder, environment, "pchatd.yaml");
    if (!password)
        return pass(std::move(password).error(), target.describe());
    target.login = {*database.user, std::move(*password)};
    return target;
}

}  // namespace pchat::app
