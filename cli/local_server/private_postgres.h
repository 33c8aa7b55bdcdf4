// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/local_server/data_directory.h"
#include "cli/local_server/process_group.h"
#include "server/store/sql/target.h"

#include <string>

namespace pchat::cli {

/// Where initdb, postgres and createdb of this machine lie: those of the newest version.
Result<std::string> find_postgres(const std::string& search_path);

/// A PostgreSQL of our own in a directory, on a free port of 127.0.0.1.
struct PrivatePostgres {
    ProcessGroup::Number number = 0;
    sql::Target target;
};
/// Makes it the first time, and waits until it takes connections. PostgreSQL does not run as root:
/// then it runs as the user postgres, who may pass through the directory from there on.
Result<PrivatePostgres> start_postgres(
    ProcessGroup& group, const DataDirectory& directory, const std::string& programs
);

}  // namespace pchat::cli
