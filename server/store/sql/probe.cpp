// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/probe.h"

#include "server/store/sql/database.h"
#include "server/store/sql/probe_checks.h"
#include "server/store/sql/provision_engines.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::sql {
namespace {

constexpr std::string_view allowed = "allowed";
constexpr std::string_view denied = "denied";

Result<std::vector<ProbeTable>> read_tables(const Wanted& wanted) {
    Database database{target_as(wanted, owner_of(wanted), wanted.target.database), {.sessions = 1}};
    return database.read(
        "looking for tables",
        [](Session& session) -> Result<std::vector<ProbeTable>> {
            std::vector<ProbeTable> out;
            ProbeTable row;
            // Both engines know this view, with their own case of letters.
            soci::statement rows =
                (session.raw().prepare << fmt::format(
                     "SELECT cast(TABLE_NAME AS varchar(128)), cast(COLUMN_NAME AS "
                     "varchar(128)) FROM INFORMATION_SCHEMA.COLUMNS WHERE ORDINAL_POSITION "
                     "= 1 AND TABLE_SCHEMA = '{}' ORDER BY TABLE_NAME",
                     session.engine() == Engine::postgresql ? "public" : "dbo"
                 ),
                 soci::into(row.name),
                 soci::into(row.first_column));
            rows.execute();
            while (rows.fetch())
                out.push_back(row);
            return out;
        }
    );
}

// What came of statements that share a transaction: "allowed", "denied" or the database's words.
std::string attempt(Database& database, const std::vector<std::string>& statements) {
    std::string found{allowed};
    const auto body = [&](Session& session) -> Result<void> {
        for (const std::string& statement : statements)
            session.raw() << statement;
        return fail(Errc::pending, "rolled back on purpose");
    };
    const Result<void> done = database.write("trying it", body);
    if (done.error().code == Errc::denied)
        found = denied;
    else if (done.error().code != Errc::pending)
        found = done.error().message;
    return found;
}

ProbeResult try_check(Database& database, const ProbeCheck& check) {
    ProbeResult out{check.role, check.user, check.what, {}, {}, false};
    out.expected = check.allowed ? allowed : denied;
    if (check.together) {
        out.found = attempt(database, check.statements);
        out.ok = out.found == out.expected;
        return out;
    }
    for (const std::string& statement : check.statements) {
        const std::string found = attempt(database, {statement});
        if (found != out.expected) {
            out.found = fmt::format("{}: {}", found, statement);
            return out;
        }
    }
    out.found = out.expected;
    out.ok = true;
    return out;
}

// The rows of one login: connecting first, and nothing more where that fails.
void try_login(
    std::vector<ProbeResult>& out,
    const Wanted& wanted,
    const NamedLogin& login,
    const std::vector<ProbeCheck>& checks
) {
    ProbeResult connected{
        std::string{login.role}, login.login->user, "connect", std::string{allowed}, {}, false};
    const Target target = target_as(wanted, *login.login, wanted.target.database);
    if (const Result<std::unique_ptr<Session>> opened = Session::open(target); !opened) {
        connected.found = opened.error().message;
        out.push_back(std::move(connected));
        return;
    }
    connected.found = allowed;
    connected.ok = true;
    out.push_back(std::move(connected));
    Database database{
        target_as(wanted, *login.login, wanted.target.database), {.sessions = 1, .attempts = 1}};
    for (const ProbeCheck& check : checks)
        if (check.role == login.role)
            out.push_back(try_check(database, check));
}

}  // namespace

Result<std::vector<ProbeCheck>> plan_probe(const Wanted& wanted) {
    if (wanted.target.engine == Engine::sqlite)
        return sqlite_checks();
    const Result<std::vector<ProbeTable>> tables = read_tables(wanted);
    if (!tables)
        return pass(tables.error());
    return login_checks(wanted, *tables);
}

Result<std::vector<ProbeResult>> probe(const Wanted& wanted) {
    if (wanted.target.engine == Engine::sqlite)
        return probe_sqlite(wanted);
    Result<std::vector<ProbeTable>> tables = read_tables(wanted);
    if (!tables && tables.error().code != Errc::denied)
        return pass(std::move(tables).error());
    const std::vector<ProbeCheck> checks =
        login_checks(wanted, tables ? *tables : std::vector<ProbeTable>{});
    std::vector<ProbeResult> out;
    for (const NamedLogin& login : logins_to_probe(wanted))
        try_login(out, wanted, login, checks);
    return out;
}

}  // namespace pchat::sql
