// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/target.h"

#include <fmt/format.h>

namespace pchat::sql {

std::string_view to_string(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "sqlite";
    case Engine::postgresql:
        return "postgresql";
    case Engine::sqlserver:
        return "sqlserver";
    }
    return "";
}

std::string_view to_string(Purpose purpose) {
    return purpose == Purpose::content ? "content" : "compliance";
}

std::string Target::describe() const {
    if (engine == Engine::sqlite)
        return fmt::format("sqlite database {}", database);
    std::string server = instance.empty() ? host : host + "\\" + instance;
    if (port != 0)
        server += fmt::format(":{}", port);
    return fmt::format(
        "{} database '{}' on {} as '{}'", to_string(engine), database, server, login.user
    );
}

Target Target::without_login() const {
    Target copy;
    copy.engine = engine;
    copy.create = create;
    copy.as_found = as_found;
    copy.journal = journal;
    copy.host = host;
    copy.port = port;
    copy.instance = instance;
    copy.database = database;
    copy.driver = driver;
    copy.encryption = encryption;
    copy.ca_file = ca_file;
    copy.connect_timeout = connect_timeout;
    copy.statement_timeout = statement_timeout;
    copy.lock_timeout = lock_timeout;
    return copy;
}

Target Target::copy() const {
    Target copy = without_login();
    copy.login = {login.user, login.password.copy()};
    return copy;
}

}  // namespace pchat::sql
