// SPDX-License-Identifier: Apache-2.0
#include "cli/database_settings.h"

namespace pchat::cli {
namespace {

std::string_view mode_name(sql::Encryption encryption) {
    switch (encryption) {
    case sql::Encryption::off:
        return "off";
    case sql::Encryption::require:
        return "require";
    case sql::Encryption::verify:
        break;
    }
    return "verify";
}

}  // namespace

nlohmann::ordered_json database_settings(const sql::Target& database, const std::string& password) {
    nlohmann::ordered_json out{{"engine", sql::to_string(database.engine)}};
    if (database.engine == sql::Engine::sqlite) {
        out["file"] = database.database;
        return out;
    }
    out["host"] = database.host;
    if (!database.instance.empty())
        out["instance"] = database.instance;
    if (database.port != 0)
        out["port"] = database.port;
    out["name"] = database.database;
    out["user"] = database.login.user;
    out["password"] = password;
    if (!database.driver.empty())
        out["driver"] = database.driver;
    out["tls"] = {{"mode", mode_name(database.encryption)}};
    if (!database.ca_file.empty())
        out["tls"]["ca"] = database.ca_file;
    return out;
}

}  // namespace pchat::cli
