// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::sql {

/// What the driver is given to connect: an ODBC connection string, or SOCI's for SQLite. Every
/// value is quoted, so that no password or path can add a keyword of its own. Holds the password.
/// `user_timeout`: TCP_USER_TIMEOUT of PostgreSQL's socket; none: as long as connecting may take.
Result<Secret> connection_string(
    const Target& target, std::optional<std::chrono::milliseconds> user_timeout = std::nullopt
);

/// The driver that is used when the topology names none.
std::string_view default_driver(Engine engine);
/// The driver that is used.
std::string driver_of(const Target& target);

}  // namespace pchat::sql
