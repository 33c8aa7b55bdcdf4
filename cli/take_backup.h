// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/backup_manifest.h"
#include "cli/context.h"
#include "cli/pool_database.h"
#include "cli/postgresql_tools.h"
#include "server/store/sql/backup.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Where backups go: a directory, or the file of one.
struct BackupPlace {
    std::string to;
    bool force = false;  // replace what is there

    /// SQL Server writes on its own machine, so only the name can tell there.
    [[nodiscard]] bool is_directory(sql::Engine engine) const;
    [[nodiscard]] Replace replace() const { return force ? Replace::yes : Replace::no; }
    [[nodiscard]] sql::Overwrite overwrite() const {
        return force ? sql::Overwrite::yes : sql::Overwrite::no;
    }
};

std::string backup_file(const BackupPlace& place, const PoolDatabase& database, Microseconds now);

/// SQLite and PostgreSQL: writes the backup and its manifest, and verifies it. Nothing is left of
/// one that fails.
Result<BackupManifest> write_backup(
    Context& ctx, Replace replace, const PoolDatabase& database, const std::string& file
);

/// What would be run, for --dry-run.
Result<std::vector<std::string>> backup_commands(
    Context& ctx, const BackupPlace& place, const PoolDatabase& database
);

/// The tools that fit the server of a PostgreSQL database.
Result<PostgresqlTools> tools_for(Context& ctx, const sql::Target& owner, sql::Purpose purpose);

}  // namespace pchat::cli
