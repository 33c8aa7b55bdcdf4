// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/provision.h"

#include <string>
#include <vector>

namespace pchat::sql {

/// A step for SQL Server with the query that tells whether it is needed: one number, 0 when all is
/// there. Each statement is guarded as well, so that running it again does no harm.
struct SqlServerStep {
    ProvisionStep step;
    std::string needed;
    bool inside = false;       // the query must be asked in the new database
    bool of_database = false;  // its answer means nothing before the database is there
    bool after_migration = false;
};

/// All that makes a database, as T-SQL that SQL Server 2012 knows. A login's password stands in it
/// as a hash with this salt of four bytes.
std::vector<SqlServerStep> sqlserver_steps(const Wanted& wanted, std::string_view salt);

}  // namespace pchat::sql
