// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/backup_manifest.h"
#include "cli/context.h"
#include "cli/pool_database.h"
#include "cli/postgresql_tools.h"
#include "server/store/sql/sqlserver_backup_file.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// A backup that fits a database. On SQL Server the server reads it, and its description is the
/// manifest.
struct StoredBackup {
    std::string file;
    BackupManifest manifest;
    PostgresqlTools tools;
    std::vector<sql::FileMove> moves;  // sqlserver
};

/// Reads the manifest, and judges it and the file; changes nothing.
Result<StoredBackup> open_backup(
    Context& ctx, const std::string& file, const PoolDatabase& database
);

/// Puts it in the place of the database, verifies that, and brings rights and schema up to date.
/// Returns the version of the schema. Where it fails the database is as it was.
Result<int> put_backup(const StoredBackup& backup, const PoolDatabase& database);

/// What would be run, for --dry-run.
std::vector<std::string> restore_commands(const StoredBackup& backup, const PoolDatabase& database);

}  // namespace pchat::cli
