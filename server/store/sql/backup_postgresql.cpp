// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/backup.h"
#include "server/store/sql/database.h"
#include "server/store/sql/inspect.h"
#include "server/store/sql/migrate.h"
#include "server/store/sql/open_restore.h"
#include "server/store/sql/schema.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace pchat::sql {
namespace {

constexpr int asks = 20;
constexpr std::chrono::milliseconds between{100};

// Dropping a large schema and counting its rows take what they take.
Target patient(const Target& from) {
    Target out = from.copy();
    out.statement_timeout = std::chrono::seconds{0};
    return out;
}

int number(Session& session, const std::string& query) {
    int value = 0;
    session.raw() << query, soci::into(value);
    return value;
}

int tables_in_public(Session& session) {
    return number(session, "select count(*) from pg_catalog.pg_tables where schemaname = 'public'");
}

bool set_aside(Session& session) {
    return number(
               session,
               "select count(*) from pg_catalog.pg_namespace where nspname = 'pchat_replaced'"
           ) > 0;
}

// A server goes on writing to tables that were renamed under its feet. Those who are just leaving
// get two seconds.
Result<void> check_alone(Session& session) {
    int others = 0;
    for (int i = 0; i < asks; ++i) {
        // What a transaction has seen of the statistics it goes on seeing.
        session.raw() << "select pg_stat_clear_snapshot()";
        others = number(
            session,
            "select count(*) from pg_catalog.pg_stat_activity where datname = current_database() "
            "and usename is not null and pid <> pg_backend_pid()"
        );
        if (others == 0)
            return {};
        std::this_thread::sleep_for(between);
    }
    return fail(
        Errc::conflict,
        fmt::format("{} others are connected to {}", others, session.target().describe()),
        "stop the servers of the pool; pg_stat_activity names who it is"
    );
}

Result<void> run_all(
    const Target& owner, std::string_view doing, const std::vector<std::string>& statements
) {
    Database database{patient(owner), {.sessions = 1}};
    return database.write(doing, [&](Session& session) -> Result<void> {
        for (const std::string& statement : statements)
            session.raw() << statement;
        return {};
    });
}

}  // namespace

Result<void> hold_snapshot(const Target& owner, Purpose purpose, const UseSnapshot& use) {
    Database database{patient(owner), {.sessions = 1}};
    return database.read("holding a snapshot", [&](Session& session) -> Result<void> {
        // The first query would end the time in which the level can be chosen.
        session.raw() << "set transaction isolation level repeatable read read only";
        session.raw() << "set local idle_in_transaction_session_timeout = 0";
        std::string snapshot;
        session.raw() << "select pg_export_snapshot()", soci::into(snapshot);
        const std::vector<Step> known = built_in_steps(Engine::postgresql, purpose);
        const std::vector<AppliedStep> applied = applied_steps(session);
        const Result<std::vector<Step>> pending = pending_steps(session.target(), applied, known);
        if (!pending)
            return pass(pending.error());
        BackupFacts facts;
        facts.version = applied.empty() ? 0 : applied.back().version;
        facts.rows = inspect(session, purpose, pending->empty()).rows;
        return use(snapshot, facts);
    });
}

RestoreStatements restore_statements() {
    return {
        .begin = {"ALTER SCHEMA public RENAME TO pchat_replaced", "CREATE SCHEMA public"},
        .finish = {"DROP SCHEMA pchat_replaced CASCADE"},
        .undo = {"DROP SCHEMA public CASCADE", "ALTER SCHEMA pchat_replaced RENAME TO public"}};
}

Result<void> begin_restore(const Target& owner) {
    Database database{patient(owner), {.sessions = 1}};
    return database.write("setting the tables aside", [&](Session& session) -> Result<void> {
        if (Result<void> alone = check_alone(session); !alone)
            return alone;
        // An interrupted restore has left what it had set aside, and nothing beside it: that is how
        // this one begins as well. Tables beside it are of somebody who went on without looking.
        if (!set_aside(session)) {
            for (const std::string& statement : restore_statements().begin)
                session.raw() << statement;
            return {};
        }
        if (tables_in_public(session) == 0)
            return {};
        return fail(
            Errc::conflict,
            fmt::format(
                "{} has tables, and more in the schema pchat_replaced from a restore that was "
                "interrupted",
                session.target().describe()
            ),
            "look which are the right ones and drop the other schema; then repeat this"
        );
    });
}

Result<void> check_no_restore_open(Session& session) {
    if (session.engine() != Engine::postgresql || !set_aside(session))
        return {};
    return fail(
        Errc::conflict,
        fmt::format(
            "a restore of {} was interrupted: what was there before is in the schema "
            "pchat_replaced",
            session.target().describe()
        ),
        "finish it: pchatctl db restore"
    );
}

Result<void> finish_restore(const Target& owner) {
    return run_all(owner, "dropping what was replaced", restore_statements().finish);
}

Result<void> undo_restore(const Target& owner) {
    return run_all(owner, "bringing back what was set aside", restore_statements().undo);
}

}  // namespace pchat::sql
