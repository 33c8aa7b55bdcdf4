// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <optional>
#include <string>

namespace pchat::test {

/// The SQL Server that the tests may use, from PCHAT_TEST_MSSQL:
///   Server=host,port;Uid=sa;Pwd={any;thing};Driver={ODBC Driver 18 for SQL Server};Encrypt=no
/// host\instance instead of a port; Pwd and Driver in braces where they hold a semicolon, a brace
/// in them twice. Without Driver it is FreeTDS. Encrypt: no, yes (default) or verify. Nothing where
/// the variable is not set; throws where it cannot be read, without saying what it holds.
std::optional<sql::Target> sqlserver_target(const std::string& database);

}  // namespace pchat::test
