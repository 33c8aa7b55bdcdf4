// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "server/store/sql/target.h"

#include <string_view>

namespace pchat::cli {

/// A database as a connection string names it: ODBC's
/// `Driver=..;Server=..;Database=..;Uid=..;Pwd=..`, a URL
/// (`postgresql://user:password@host:5432/name`, `sqlserver://..`), `sqlite:PATH`, or the `host=..
/// dbname=..` of libpq. Messages never show the text: it may hold a password.
Result<sql::Target> parse_connection(std::string_view text);

}  // namespace pchat::cli
