// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/child_process.h"
#include "server/store/sql/target.h"

#include <string>

namespace pchat::cli {

/// pg_dump and pg_restore, found on the PATH. Passwords go through the environment of the child,
/// which only its own user can read, never through its arguments.
struct PostgresqlTools {
    std::string dump;
    std::string restore;
};

/// Errc::not_found with the package to install; Errc::invalid when pg_dump is older than a server
/// of this version ("15.14 (Debian ...)"), which it refuses to dump.
Result<PostgresqlTools> find_postgresql_tools(
    const std::string& path, const std::string& server_version
);

/// pg_dump of the database into a file; `snapshot` is a name or empty.
Child dump_command(
    const PostgresqlTools& tools,
    const sql::Target& owner,
    const std::string& snapshot,
    const std::string& file
);

/// pg_restore of a file into the database, all of it or nothing.
Child restore_command(
    const PostgresqlTools& tools, const sql::Target& owner, const std::string& file
);

/// What a shell would be told, with *** for the password; for --dry-run.
std::string shown(const Child& child);

/// Runs it; an exit code other than 0 is an error that ends with what the program said.
Result<ChildResult> run_tool(const Child& child);

/// Whether pg_restore can read the file, and finds a table of ours in it.
Result<void> check_archive(const PostgresqlTools& tools, const std::string& file);

}  // namespace pchat::cli
