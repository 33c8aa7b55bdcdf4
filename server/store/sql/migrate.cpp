// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/migrate.h"

#include "server/store/sql/database.h"
#include "server/store/sql/script.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

// Any number, as long as nothing else in the database locks the same one.
constexpr std::int64_t lock_number = 0x7063'6861'74;  // "pchat"

std::string_view create_table(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "create table if not exists schema_migration (version integer not null primary key, "
               "name text not null, "
               "sha256 text not null, applied_at integer not null)";
    case Engine::postgresql:
        return "create table if not exists schema_migration (version integer not null primary key, "
               "name varchar(200) not null, sha256 varchar(64) not null, applied_at bigint not "
               "null)";
    case Engine::sqlserver:
        return "IF OBJECT_ID(N'[dbo].[schema_migration]', N'U') IS NULL CREATE TABLE "
               "[dbo].[schema_migration] "
               "([version] INT NOT NULL PRIMARY KEY, [name] NVARCHAR(200) NOT NULL, [sha256] "
               "CHAR(64) NOT NULL, "
               "[applied_at] BIGINT NOT NULL)";
    }
    return "";
}

std::string_view table_exists(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "select count(*) from sqlite_master where type = 'table' and name = "
               "'schema_migration'";
    case Engine::postgresql:
        return "select count(*) from pg_catalog.pg_tables where schemaname = current_schema() and "
               "tablename = 'schema_migration'";
    case Engine::sqlserver:
        return "SELECT COUNT(*) FROM sys.tables WHERE name = N'schema_migration' AND schema_id = "
               "SCHEMA_ID(N'dbo')";
    }
    return "";
}

// Held to the end of the transaction. SQLite's write transaction is the lock itself. A step on a
// large table takes its time, and whoever waits for it must outwait it; a step's own statements
// give up sooner, for what they lock stops everybody.
void lock(Session& session) {
    if (session.engine() == Engine::postgresql) {
        session.raw() << "set local statement_timeout = 0";
        session.raw() << "set local lock_timeout = '10min'";
        session.raw() << fmt::format("select pg_advisory_xact_lock({})", lock_number);
        session.raw(
        ) << fmt::format("set local lock_timeout = {}", session.target().lock_timeout.count());
    }
    // It does not fail by itself: the result tells.
    if (session.engine() == Engine::sqlserver)
        session.raw() << "DECLARE @got INT; EXEC @got = sp_getapplock @Resource = N'pchat schema', "
                         "@LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = "
                         "600000; IF @got < 0 RAISERROR(N'another one migrates', 16, 1)";
}

Result<bool> apply(
    Session& session, const Step& step, const std::vector<Step>& known, const Clock& clock
) {
    lock(session);
    session.raw() << std::string{create_table(session.engine())};
    const std::vector<AppliedStep> applied = applied_steps(session);
    if (!applied.empty() && applied.back().version >= step.version) {
        // Somebody else did it while we waited for the lock; it must be the same step.
        const Result<std::vector<Step>> still = pending_steps(session.target(), applied, known);
        if (!still)
            return pass(still.error());
        return false;
    }
    for (const std::string& statement : statements_of(step, session.engine()))
        session.raw() << statement;
    long long now = clock.now();
    int version = step.version;
    session.raw(
    ) << "insert into schema_migration (version, name, sha256, applied_at) values (:v, :n, :s, :a)",
        soci::use(version, "v"), soci::use(step.name, "n"), soci::use(step.sha256, "s"),
        soci::use(now, "a");
    return true;
}

}  // namespace

std::vector<std::string> statements_of(const Step& step, Engine engine) {
    return statements(step.script, engine);
}

std::vector<AppliedStep> applied_steps(Session& session) {
    int exists = 0;
    session.raw() << std::string{table_exists(session.engine())}, soci::into(exists);
    std::vector<AppliedStep> out;
    if (exists == 0)
        return out;
    AppliedStep row;
    long long at = 0;
    soci::statement rows =
        (session.raw().prepare
             << "select version, name, sha256, applied_at from schema_migration order by version",
         soci::into(row.version),
         soci::into(row.name),
         soci::into(row.sha256),
         soci::into(at));
    rows.execute();
    while (rows.fetch()) {
        row.applied_at = at;
        out.push_back(row);
    }
    return out;
}

Result<std::vector<AppliedStep>> applied_steps(Database& database) {
    return database.read(
        "reading the schema version",
        [](Session& session) -> Result<std::vector<AppliedStep>> { return applied_steps(session); }
    );
}

Result<std::vector<Step>> pending_steps(
    const Target& target, const std::vector<AppliedStep>& applied, const std::vector<Step>& known
) {
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const AppliedStep& done = applied[i];
        if (i >= known.size())
            return fail(
                Errc::conflict,
                fmt::format(
                    "the schema of {} is version {}, this program knows {}",
                    target.describe(),
                    applied.back().version,
                    known.size()
                ),
                "use the newer program that migrated it"
            );
        if (done.version != known[i].version)
            return fail(
                Errc::conflict,
                fmt::format(
                    "schema_migration of {} has no version {}", target.describe(), known[i].version
                ),
                "restore a backup: its rows were changed by hand"
            );
        if (done.sha256 != known[i].sha256)
            return fail(
                Errc::conflict,
                fmt::format(
                    "step {} was applied to {} in another form (sha256 {}, here {})",
                    done.name,
                    target.describe(),
                    done.sha256.substr(0, 12),
                    known[i].sha256.substr(0, 12)
                ),
                "use the program that migrated it; released steps are never edited"
            );
    }
    return std::vector<Step>(
        known.begin() + static_cast<std::ptrdiff_t>(applied.size()), known.end()
    );
}

Result<std::vector<int>> migrate(
    Database& database, const std::vector<Step>& known, const Clock& clock
) {
    const Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(applied.error());
    const Result<std::vector<Step>> pending = pending_steps(database.target(), *applied, known);
    if (!pending)
        return pass(pending.error());
    std::vector<int> done;
    for (const Step& step : *pending) {
        const Result<bool> mine =
            database.write(fmt::format("schema step {}", step.name), [&](Session& session) {
                return apply(session, step, known, clock);
            });
        if (!mine)
            return pass(mine.error());
        if (*mine)
            done.push_back(step.version);
    }
    return done;
}

Result<void> check_schema(Database& database, const std::vector<Step>& known) {
    const Result<std::vector<AppliedStep>> applied = applied_steps(database);
    if (!applied)
        return pass(applied.error());
    const Result<std::vector<Step>> pending = pending_steps(database.target(), *applied, known);
    if (!pending)
        return pass(pending.error());
    if (!pending->empty())
        return fail(
            Errc::conflict,
            fmt::format(
                "the schema of {} is version {}, version {} is needed",
                database.target().describe(),
                applied->size(),
                known.size()
            ),
            "bring it up to date: pchatctl db migrate"
        );
    return {};
}

}  // namespace pchat::sql
