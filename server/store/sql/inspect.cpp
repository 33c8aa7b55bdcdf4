// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/inspect.h"

#include "server/store/sql/database.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace pchat::sql {
namespace {

std::string_view version_query(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "select sqlite_version()";
    case Engine::postgresql:
        return "select current_setting('server_version')";
    case Engine::sqlserver:
        return "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128))";
    }
    return "";
}

std::string_view size_query(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "select page_count * page_size from pragma_page_count(), pragma_page_size()";
    case Engine::postgresql:
        return "select pg_database_size(current_database())";
    case Engine::sqlserver:
        return "SELECT SUM(CAST([size] AS BIGINT)) * 8192 FROM sys.database_files";
    }
    return "";
}

struct Count {
    std::string_view name;
    std::string_view query;
};

// Counting 100 million messages would take minutes; the heads of the rooms know.
constexpr std::array content_counts{
    Count{"server", "select count(*) from server"},
    Count{"principal", "select count(*) from principal"},
    Count{"category", "select count(*) from category"},
    Count{"room", "select count(*) from room"},
    Count{"message", "select coalesce(sum(last_seq - first_seq + 1), 0) from room_head"},
    Count{"compliance_outbox", "select count(*) from compliance_outbox"},
};
constexpr std::array compliance_counts{
    Count{"event", "select coalesce(max(id), 0) from event"},
    Count{"batch", "select count(*) from batch"},
    Count{"legal_hold", "select count(*) from legal_hold"},
};

std::int64_t number(Session& session, std::string_view query) {
    long long value = 0;
    session.raw() << std::string{query}, soci::into(value);
    return value;
}

void read_server_books(Session& session, Facts& facts) {
    soci::indicator known = soci::i_null;
    std::string role;
    session.raw() << "SELECT CAST(mirroring_role_desc AS NVARCHAR(60)) FROM sys.database_mirroring "
                     "WHERE database_id = DB_ID()",
        soci::into(role, known);
    if (known == soci::i_ok)
        facts.mirror_role = role;
    long long at = 0;
    session.raw() << "SELECT CAST(DATEDIFF(SECOND, '19700101', MAX(backup_finish_date)) AS BIGINT) "
                     "* 1000000 FROM msdb.dbo.backupset "
                     "WHERE database_name = DB_NAME()",
        soci::into(at, known);
    if (known == soci::i_ok)
        facts.last_backup = at;
}

}  // namespace

Result<Facts> inspect(Database& database, Purpose purpose, bool has_schema) {
    return database.read("reading its facts", [&](Session& session) -> Result<Facts> {
        Facts facts;
        session.raw() << std::string{version_query(session.engine())},
            soci::into(facts.engine_version);
        facts.bytes = number(session, size_query(session.engine()));
        if (session.engine() == Engine::sqlserver)
            read_server_books(session, facts);
        if (!has_schema)
            return facts;
        if (purpose == Purpose::content)
            for (const Count& count : content_counts)
                facts.rows.emplace_back(count.name, number(session, count.query));
        else
            for (const Count& count : compliance_counts)
                facts.rows.emplace_back(count.name, number(session, count.query));
        return facts;
    });
}

}  // namespace pchat::sql
