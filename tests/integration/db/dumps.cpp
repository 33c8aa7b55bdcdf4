// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/dumps.h"

#include "generated/folders.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <cstdlib>
#include <memory>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

void shell(const std::string& command) {
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
}

// One of PostgreSQL's own programs, connected to the database.
std::string client(const sql::Target& target, const std::string& program) {
    REQUIRE(::setenv("PGPASSWORD", std::string{target.login.password.reveal()}.c_str(), 1) == 0);
    return fmt::format(
        "'{}' -h {} -p {} -U '{}' -d '{}'",
        (Postgres::shared()->programs() / program).string(),
        target.host,
        target.port,
        target.login.user,
        target.database
    );
}

// SQLite has no catalog of checks: they are in the text alone, which .dump keeps as it is.
const std::string sqlite_facts =
    "select 'table ' || name || ' ' || replace(replace(sql, char(10), ' '), '  ', ' ') "
    "as fact from sqlite_master where type = 'table' "
    "union all select 'column ' || t.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' ' "
    "|| c.\"notnull\" || ' ' || c.pk from sqlite_master t, pragma_table_info(t.name) c "
    "where t.type = 'table' "
    "union all select 'index ' || i.name || ' ' || i.\"unique\" || ' ' || i.partial || ' ' || "
    "c.seqno || ' ' || coalesce(c.name, '') from sqlite_master t, pragma_index_list(t.name) i, "
    "pragma_index_info(i.name) c where t.type = 'table' "
    "union all select 'where ' || name || ' ' || sql from sqlite_master "
    "where type = 'index' and sql is not null "
    "union all select 'foreign key ' || t.name || ' ' || k.\"from\" || ' ' || k.\"table\" || ' ' "
    "|| coalesce(k.\"to\", '') from sqlite_master t, pragma_foreign_key_list(t.name) k "
    "where t.type = 'table'";

// No casts with colons: SOCI takes them for parameters.
const std::string postgresql_facts =
    "select 'column ' || c.relname || ' ' || row_number() over (partition by c.oid order by "
    "a.attnum) || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || "
    "case when a.attnotnull then 'not null' else 'null' end || ' ' || coalesce(o.collname, '') "
    "as fact from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_collation o on "
    "o.oid = "
    "a.attcollation where c.relkind = 'r' and c.relnamespace = cast(current_schema() as "
    "regnamespace) and "
    "a.attnum > 0 and not a.attisdropped "
    "union all select 'table ' || c.relname || ' ' || coalesce(array_to_string(c.reloptions, ','), "
    "'') from pg_class c where c.relkind = 'r' and c.relnamespace = cast(current_schema() as "
    "regnamespace) "
    "union all select 'index ' || indexdef from pg_indexes where schemaname = current_schema() "
    "union all select 'constraint ' || cast(conrelid as regclass) || ' ' || conname || ' ' || "
    "pg_get_constraintdef(oid) from pg_constraint where connamespace = "
    "cast(current_schema() as regnamespace)";

std::vector<std::string> texts(sql::Database& database, const std::string& query) {
    const auto found = database.read(
        "reading texts",
        [&](sql::Session& session) -> Result<std::vector<std::string>> {
            std::vector<std::string> out;
            const soci::rowset<std::string> all = (session.raw().prepare << query);
            for (const std::string& one : all)
                out.push_back(one);
            return out;
        }
    );
    REQUIRE_OK(found);
    return *found;
}

}  // namespace

fs::path dump_of(sql::Purpose purpose, sql::Engine engine, int version) {
    return fs::path{PCHAT_SOURCE_DIR} / "tests/data/migrations" / to_string(purpose) /
           to_string(engine) / fmt::format("v{}.sql", version);
}

fs::path rows_of(sql::Purpose purpose, int version) {
    return fs::path{PCHAT_SOURCE_DIR} / "tests/data/migrations" / to_string(purpose) /
           fmt::format("v{}.rows.sql", version);
}

void load(const sql::Target& target, const fs::path& file) {
    if (target.engine == sql::Engine::postgresql) {
        shell(fmt::format(
            "{} -X -q -o /dev/null -v ON_ERROR_STOP=1 -1 -f '{}'",
            client(target, "psql"),
            file.string()
        ));
        return;
    }
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open(target.database.c_str(), &opened) == SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing{opened, sqlite3_close};
    const int result = sqlite3_exec(opened, read_file(file).c_str(), nullptr, nullptr, nullptr);
    INFO(file.string() << ": " << sqlite3_errmsg(opened));
    REQUIRE(result == SQLITE_OK);
}

void dump(const sql::Target& target, const fs::path& file) {
    fs::create_directories(file.parent_path());
    // \restrict, of newer programs, would keep older ones from reading it.
    if (target.engine == sql::Engine::postgresql)
        shell(fmt::format(
            "{} --inserts --no-owner --no-privileges | sed '/^\\\\\\(un\\)\\{{0,1\\}}restrict/d' "
            ">'{}'",
            client(target, "pg_dump"),
            file.string()
        ));
    else
        shell(fmt::format("sqlite3 '{}' .dump >'{}'", target.database, file.string()));
}

std::vector<std::string> describe_schema(sql::Database& database) {
    const std::string& facts =
        database.target().engine == sql::Engine::sqlite ? sqlite_facts : postgresql_facts;
    return texts(database, "select fact from (" + facts + ") facts order by fact");
}

Columns columns_of(sql::Database& database) {
    const std::string query =
        database.target().engine == sql::Engine::sqlite
            ? "select t.name || '.' || c.name from sqlite_master t, pragma_table_info(t.name) c "
              "where t.type = 'table' order by t.name, c.cid"
            : "select cast(table_name || '.' || column_name as text) from "
              "information_schema.columns where table_schema = current_schema() order by "
              "table_name, ordinal_position";
    Columns out;
    for (const std::string& both : texts(database, query)) {
        const std::size_t dot = both.find('.');
        out[both.substr(0, dot)].push_back(both.substr(dot + 1));
    }
    return out;
}

std::map<std::string, std::vector<std::string>> rows_in(
    sql::Database& database, const Columns& columns
) {
    std::map<std::string, std::vector<std::string>> out;
    for (const auto& [table, names] : columns) {
        std::vector<std::string> parts;
        for (const std::string& name : names)
            parts.push_back(fmt::format("coalesce('[' || cast({} as text) || ']', '-')", name));
        out[table] = texts(
            database, fmt::format("select {} from {} order by 1", fmt::join(parts, " || "), table)
        );
    }
    return out;
}

}  // namespace pchat::test
