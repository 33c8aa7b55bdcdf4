// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/backup.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"

#include <fmt/format.h>

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
    const Target& target, const std::string& file, Overwrite overwrite
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
        "BACKUP DATABASE {} TO DISK = {} WITH CHECKSUM, FORMAT, INIT",
        name(target.database),
        text(file)
    ));
    out.push_back(fmt::format("RESTORE VERIFYONLY FROM DISK = {} WITH CHECKSUM", text(file)));
    return out;
}

std::vector<std::string> sqlserver_restore(const Wanted& wanted, const std::string& file) {
    const std::string database = name(wanted.target.database);
    std::vector<std::string> out{
        fmt::format("RESTORE VERIFYONLY FROM DISK = {} WITH CHECKSUM", text(file)),
        fmt::format(
            "RESTORE DATABASE {} FROM DISK = {} WITH CHECKSUM, REPLACE", database, text(file)
        )};
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
    return out;
}

Result<void> run_on_server(const Wanted& wanted, const std::vector<std::string>& statements) {
    Target server =
        target_as(wanted, wanted.logins.provision, maintenance_database(wanted.target.engine));
    server.statement_timeout = std::chrono::seconds{0};
    Database database{std::move(server), {.sessions = 1}};
    return database.outside_transaction("a statement", [&](Session& session) -> Result<void> {
        for (const std::string& statement : statements)
            session.raw() << statement;
        return {};
    });
}

}  // namespace pchat::sql
