// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/backup.h"
#include "server/store/sql/odbc_batch.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"
#include "server/store/sql/raise_fences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pchat::sql {
namespace {

constexpr Engine ms = Engine::sqlserver;

std::string name(std::string_view text) {
    return quoted_name(ms, text);
}

std::string text(std::string_view value) {
    return quoted_text(ms, value);
}

}  // namespace

std::vector<std::string> sqlserver_backup(
    const Wanted& wanted, const std::string& file, Overwrite overwrite
) {
    std::vector<std::string> out;
    // BACKUP would add itself to the end of a file that is there.
    if (overwrite == Overwrite::no)
        out.push_back(fmt::format(
            "DECLARE @there INT; EXEC master.dbo.xp_fileexist {}, @there OUTPUT; IF @there = 1 "
            "RAISERROR(N'the file exists already; --force replaces it', 16, 1)",
            text(file)
        ));
    out.push_back(fmt::format(
        "DECLARE @about NVARCHAR(255) = {2} + CAST((SELECT MAX([version]) FROM "
        "{0}.[dbo].[schema_migration]) AS NVARCHAR(11)); BACKUP DATABASE {0} TO DISK = {1} WITH "
        "CHECKSUM, FORMAT, INIT, DESCRIPTION = @about",
        name(wanted.target.database),
        text(file),
        text(backup_description(wanted.purpose))
    ));
    out.push_back(fmt::format("RESTORE VERIFYONLY FROM DISK = {} WITH CHECKSUM", text(file)));
    return out;
}

std::vector<std::string> sqlserver_restore(
    const Wanted& wanted,
    const std::string& file,
    const std::vector<FileMove>& moves,
    Microseconds at
) {
    const std::string database = name(wanted.target.database);
    std::string places;
    for (const FileMove& move : moves)
        places += fmt::format(", MOVE {} TO {}", text(move.logical_name), text(move.path));
    // No server comes in before its number of before is worth nothing.
    std::vector<std::string> out{
        fmt::format("RESTORE VERIFYONLY FROM DISK = {} WITH CHECKSUM", text(file)),
        fmt::format(
            "RESTORE DATABASE {} FROM DISK = {} WITH CHECKSUM, REPLACE, RESTRICTED_USER{}",
            database,
            text(file),
            places
        )};
    if (wanted.purpose == Purpose::content)
        out.push_back(fmt::format(
            "USE {}; BEGIN TRANSACTION; {}; COMMIT; USE [master]",
            database,
            fmt::join(raise_fences(at), "; ")
        ));
    // The users came with the file; on another server their logins are others with the same names.
    for (const NamedLogin& login : logins_to_create(wanted))
        out.push_back(fmt::format(
            "USE {}; IF EXISTS (SELECT 1 FROM sys.database_principals WHERE name = {}) ALTER USER "
            "{} WITH LOGIN = {}; USE [master]",
            database,
            text(login.login->user),
            name(login.login->user),
            name(login.login->user)
        ));
    out.push_back(fmt::format("ALTER DATABASE {} SET MULTI_USER", database));
    return out;
}

Result<void> run_on_server(const Wanted& wanted, const std::vector<std::string>& statements) {
    Target server =
        target_as(wanted, wanted.logins.provision, maintenance_database(wanted.target.engine));
    server.statement_timeout = std::chrono::seconds{0};
    Database database{std::move(server), {.sessions = 1}};
    return database.outside_transaction("a statement", [&](Session& session) -> Result<void> {
        for (const std::string& statement : statements)
            run_batch(session.raw(), statement, "a statement");
        return {};
    });
}

}  // namespace pchat::sql
