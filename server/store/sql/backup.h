// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/sql/provision.h"
#include "server/store/sql/sqlserver_backup_file.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// What `db backup` and `db restore` need of the databases; files, manifests and other programs are
// the command line's. No SOCI in sight.
namespace pchat::sql {

/// What a backup holds.
struct BackupFacts {
    int version = 0;                                         // of the schema
    std::vector<std::pair<std::string, std::int64_t>> rows;  // as in Facts
};

/// Asked between two portions; true ends the copy.
using Stop = std::function<bool()>;

// ---- SQLite

/// Copies a moment of the database while others write to it. `to` is one file that needs no others
/// beside it.
Result<void> copy_sqlite(const Target& from, const std::string& to, const Stop& stop);

/// Whether a file that nobody uses is an undamaged database of this purpose that this program can
/// read.
Result<BackupFacts> check_sqlite_copy(const std::string& file, Purpose purpose);

/// Puts the file in the place of the database, whose own is gone afterwards. Errc::conflict while
/// anybody has that open.
Result<void> replace_sqlite(const Target& target, const std::string& file);

// ---- PostgreSQL

/// Holds one moment still while `use` runs: a pg_dump that is told the name of the snapshot writes
/// exactly what was counted.
using UseSnapshot = std::function<Result<void>(const std::string& snapshot, const BackupFacts&)>;
Result<void> hold_snapshot(const Target& owner, Purpose purpose, const UseSnapshot& use);

/// Sets the tables aside and makes an empty schema, for pg_restore to fill. Errc::conflict while
/// anybody else is connected.
Result<void> begin_restore(const Target& owner);
/// Drops what was set aside.
Result<void> finish_restore(const Target& owner);
/// Brings back what was set aside.
Result<void> undo_restore(const Target& owner);
/// What the three run, in their order, for --dry-run.
struct RestoreStatements {
    std::vector<std::string> begin;
    std::vector<std::string> finish;
    std::vector<std::string> undo;
};
RestoreStatements restore_statements();

// ---- SQL Server: the server itself writes and reads the file

enum class Overwrite : std::uint8_t { no, yes };
std::vector<std::string> sqlserver_backup(const Wanted& wanted, const std::string& file, Overwrite);
/// Servers are kept out until the fences are raised to `at`. One that is interrupted leaves them
/// out: repeat it.
std::vector<std::string> sqlserver_restore(
    const Wanted& wanted,
    const std::string& file,
    const std::vector<FileMove>& moves,
    Microseconds at
);
/// Runs either in the maintenance database, as the login that provisions, each to its end.
Result<void> run_on_server(const Wanted& wanted, const std::vector<std::string>& statements);

// ---- all

/// raise_fences() for a content database; nothing for the other.
Result<void> raise_fences_in(const Target& owner, Purpose purpose, Microseconds at);
/// The same in a SQLite file that has not got its name yet.
Result<void> raise_fences_in_file(const std::string& file, Purpose purpose, Microseconds at);

/// Whether there is anything that a restore would replace: rows, or tables that are not ours.
Result<bool> holds_data(const Target& owner, Purpose purpose);

/// Notes the time in the database itself, for `db status`. SQL Server keeps such books already.
Result<void> record_backup(const Target& owner, Microseconds at);

}  // namespace pchat::sql
