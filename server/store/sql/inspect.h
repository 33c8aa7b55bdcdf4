// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pchat::sql {

class Database;

/// What `db status` tells of a database besides its schema.
struct Facts {
    std::string engine_version;
    std::int64_t bytes = 0;
    std::vector<std::pair<std::string, std::int64_t>> rows;  // "room" -> 33077, in a fixed order
    std::string mirror_role;  // sqlserver: PRINCIPAL, MIRROR; else empty
    std::int64_t last_backup =
        0;  // sqlserver, from the server's own books: microseconds; 0: none known
};

/// Reads them. Without a schema there are no rows to count.
Result<Facts> inspect(Database& database, Purpose purpose, bool has_schema);

}  // namespace pchat::sql
