// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::sql {

class Database;
class Session;

/// What `db status` tells of a database besides its schema.
struct Facts {
    std::string engine_version;
    std::int64_t bytes = 0;
    std::vector<std::pair<std::string, std::int64_t>> rows;  // "room" -> 33077, in a fixed order
    std::string mirror_role;  // sqlserver: PRINCIPAL, MIRROR; else empty
    // sqlserver: from the server's own books, else noted by `db backup`; 0: none known
    Microseconds last_backup = 0;
};

/// What is counted, and how.
struct RowCount {
    std::string_view name;
    std::string_view query;
};
std::vector<RowCount> row_counts(Purpose purpose);

/// Reads them. Without a schema there are no rows to count.
Result<Facts> inspect(Database& database, Purpose purpose, bool has_schema);
/// The same in the transaction of a session; throws as SOCI does.
Facts inspect(Session& session, Purpose purpose, bool has_schema);

}  // namespace pchat::sql
