// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <string>
#include <string_view>

namespace pchat::sql {

/// What the driver is given to connect: an ODBC connection string, or SOCI's for SQLite. Every
/// value is quoted, so that no password or path can add a keyword of its own. Holds the password.
Result<Secret> connection_string(const Target& target);

/// The driver that is used when the topology names none.
std::string_view default_driver(Engine engine);
/// The driver that is used.
std::string driver_of(const Target& target);

}  // namespace pchat::sql
