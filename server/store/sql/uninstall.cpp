// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/uninstall.h"

#include "base/file_write.h"
#include "server/store/sql/database.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"
#include "server/store/sql/raw_sqlite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <utility>

namespace pchat::sql {
namespace fs = std::filesystem;
namespace {

constexpr Engine pg = Engine::postgresql;
constexpr Engine ms = Engine::sqlserver;

int number(Session& session, const std::string& query) {
    int value = 0;
    session.raw() << query, soci::into(value);
    return value;
}

Uninstall plan_sqlite(const Wanted& wanted, Fate fate) {
    Uninstall out;
    const std::string& file = wanted.target.database;
    out.exists = fs::exists(file);
    if (!out.exists)
        return out;
    if (fate == Fate::detach) {
        out.kept.push_back(fmt::format("file {} stays where it is", file));
        return out;
    }
    // The rows lie where a link leads, and beside that are the files that SQLite made.
    std::string what = fmt::format("remove file {}", file);
    if (fs::is_symlink(file))
        what =
            fmt::format("remove file {} and the link {} to it", fs::canonical(file).string(), file);
    ProvisionStep step = plain_step(std::move(what), {}, file);
    step.action = Action::file;
    out.steps.push_back(std::move(step));
    return out;
}

Result<void> remove_file(const std::string& file) {
    std::error_code failed;
    fs::remove(file, failed);
    if (failed)
        return fail(
            Errc::io,
            fmt::format("cannot remove {}: {}", file, failed.message()),
            "check owner and permissions of the directory"
        );
    return {};
}

Result<void> remove_sqlite(const std::string& link) {
    bool damaged = false;
    std::error_code failed;
    const std::string file = fs::canonical(link, failed).string();
    if (failed)
        return fail(Errc::io, fmt::format("cannot follow {}: {}", link, failed.message()));
    {
        const Result<RawSqlite> alone = claim_sqlite(file, damaged);
        if (!alone)
            return pass(alone.error());
        for (const char* end : {"", "-wal", "-shm", "-journal"})
            if (Result<void> gone = remove_file(file + end); !gone)
                return gone;
    }
    sync_directory_of(file);
    if (!fs::is_symlink(link))
        return {};
    if (Result<void> gone = remove_file(link); !gone)
        return gone;
    sync_directory_of(link);
    return {};
}

// What a role has in other databases, or of other databases. Roles with rights of their own were
// never made here.
void plan_role(
    Uninstall& out,
    Session& session,
    const Wanted& wanted,
    const std::string& user,
    const std::vector<std::string>& gone
) {
    const std::string row =
        fmt::format("from pg_catalog.pg_roles r where r.rolname = {}", quoted_text(pg, user));
    if (number(session, "select count(*) " + row) == 0)
        return;
    std::vector<std::string> ours{quoted_text(pg, wanted.target.database)};
    for (const std::string& name : gone)
        ours.push_back(quoted_text(pg, name));
    const std::string others = fmt::format(
        "select count(*) from pg_catalog.pg_shdepend d join pg_catalog.pg_roles r on r.oid = "
        "d.refobjid where r.rolname = {0} and coalesce((select b.datname from "
        "pg_catalog.pg_database b where b.oid = case when d.dbid <> 0 then d.dbid when d.classid = "
        "cast('pg_catalog.pg_database' as regclass) then d.objid end), '') not in ({1})",
        quoted_text(pg, user),
        fmt::join(ours, ", ")
    );
    const std::string powers =
        " and (r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication)";
    if (number(session, "select count(*) " + row + powers) > 0)
        out.kept.push_back(fmt::format("login '{}' stays: it has rights of its own", user));
    else if (number(session, others) > 0)
        out.kept.push_back(fmt::format("login '{}' stays: something else belongs to it", user));
    else
        out.steps.push_back(plain_step(
            fmt::format("drop login '{}'", user),
            {"DROP ROLE IF EXISTS " + quoted_name(pg, user)},
            maintenance_database(pg)
        ));
}

Result<Uninstall> plan_postgresql(
    const Wanted& wanted, Fate fate, const std::vector<std::string>& gone
) {
    const std::string& database = wanted.target.database;
    const Target server = target_as(wanted, wanted.logins.provision, maintenance_database(pg));
    Result<std::unique_ptr<Session>> session = Session::open(server);
    if (!session)
        return pass(std::move(session).error());
    return (*session)->guarded("looking at the server", [&]() -> Result<Uninstall> {
        Uninstall out;
        out.exists = number(
                         **session,
                         fmt::format(
                             "select count(*) from pg_catalog.pg_database where datname = {}",
                             quoted_text(pg, database)
                         )
                     ) > 0;
        if (!out.exists)
            return out;
        if (fate == Fate::detach)
            return fail(
                Errc::usage,
                "PostgreSQL cannot detach a database",
                "keep what it holds with pchatctl db backup, then uninstall it without --detach"
            );
        out.steps.push_back(plain_step(
            fmt::format("drop database '{}'", database),
            {"DROP DATABASE IF EXISTS " + quoted_name(pg, database)},
            maintenance_database(pg)
        ));
        for (const NamedLogin& login : logins_to_create(wanted))
            plan_role(out, **session, wanted, login.login->user, gone);
        return out;
    });
}

Result<Uninstall> plan_sqlserver(const Wanted& wanted, Fate fate) {
    const Target server = target_as(wanted, wanted.logins.provision, maintenance_database(ms));
    Result<std::unique_ptr<Session>> session = Session::open(server);
    if (!session)
        return pass(std::move(session).error());
    return (*session)->guarded("looking at the server", [&]() -> Result<Uninstall> {
        Uninstall out;
        out.exists = number(
                         **session,
                         fmt::format(
                             "SELECT COUNT(*) FROM sys.databases WHERE name = {}",
                             quoted_text(ms, wanted.target.database)
                         )
                     ) > 0;
        if (out.exists)
            out.steps = sqlserver_uninstall(wanted, fate);
        return out;
    });
}

}  // namespace

Result<Uninstall> plan_uninstall(
    const Wanted& wanted, Fate fate, const std::vector<std::string>& gone
) {
    switch (wanted.target.engine) {
    case Engine::sqlite:
        return plan_sqlite(wanted, fate);
    case Engine::postgresql:
        return plan_postgresql(wanted, fate, gone);
    case Engine::sqlserver:
        return plan_sqlserver(wanted, fate);
    }
    return fail(Errc::internal, "unknown database engine");
}

Result<std::vector<std::string>> uninstall(const Wanted& wanted, const Uninstall& plan) {
    std::vector<std::string> done;
    for (const ProvisionStep& step : plan.steps) {
        Result<void> result;
        if (step.action == Action::file) {
            result = remove_sqlite(step.database);
        } else {
            Database server{target_as(wanted, wanted.logins.provision, step.database)};
            result = server.outside_transaction(step.what, [&](Session& session) -> Result<void> {
                for (const std::string& statement : step.run)
                    session.raw() << statement;
                return {};
            });
        }
        if (!result)
            return pass(std::move(result).error(), step.what);
        done.push_back(step.what);
    }
    return done;
}

}  // namespace pchat::sql
