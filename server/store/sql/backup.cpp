// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/backup.h"

#include "server/store/sql/admin.h"
#include "server/store/sql/database.h"
#include "server/store/sql/open_restore.h"
#include "server/store/sql/raise_fences.h"

#include <algorithm>

namespace pchat::sql {
namespace {

std::string_view tables_query(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "select count(*) from sqlite_master where type = 'table'";
    case Engine::postgresql:
        return "select count(*) from pg_catalog.pg_tables where schemaname = 'public'";
    case Engine::sqlserver:
        return "SELECT COUNT(*) FROM sys.tables";
    }
    return "";
}

}  // namespace

Result<bool> holds_data(const Target& owner, Purpose purpose) {
    const Result<Status> status = database_status(owner, purpose);
    if (!status)
        return pass(status.error());
    // What an interrupted restore set aside counts as much.
    Target looked = owner.copy();
    looked.as_found = true;
    Database place{std::move(looked), {.sessions = 1}};
    const Result<void> whole = place.read("looking for a restore", check_no_restore_open);
    if (!whole && whole.error().code != Errc::conflict)
        return pass(whole.error());
    if (!whole)
        return true;
    if (status->version > 0) {
        // Nobody can tell what a schema of another version holds.
        const auto& rows = status->facts.rows;
        return status->version != status->known ||
               std::any_of(rows.begin(), rows.end(), [](const auto& row) {
                   return row.second > 0;
               });
    }
    return place.read("looking for tables", [](Session& session) -> Result<bool> {
        int tables = 0;
        session.raw() << std::string{tables_query(session.engine())}, soci::into(tables);
        return tables > 0;
    });
}

Result<void> raise_fences_in(const Target& owner, Purpose purpose, Microseconds at) {
    if (purpose != Purpose::content)
        return {};
    Database database{owner.copy(), {.sessions = 1}};
    return database.write("raising the fences", [at](Session& session) -> Result<void> {
        for (const std::string& statement : raise_fences(at))
            session.raw() << statement;
        return {};
    });
}

Result<void> record_backup(const Target& owner, Microseconds at) {
    if (owner.engine == Engine::sqlserver)
        return {};
    Database database{owner.copy(), {.sessions = 1}};
    return database.write("noting the backup", [&](Session& session) -> Result<void> {
        const std::string value = std::to_string(at);
        session.raw() << "delete from deployment where name = 'last_backup_at'";
        session.raw() << "insert into deployment (name, value) values ('last_backup_at', :v)",
            soci::use(value, "v");
        return {};
    });
}

}  // namespace pchat::sql
