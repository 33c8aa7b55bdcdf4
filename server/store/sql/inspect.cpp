// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/inspect.h"

#include "server/store/sql/database.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
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

// Counting 100 million messages would take minutes; the heads of the rooms know.
constexpr std::array content_counts{
    RowCount{"server", "select count(*) from server"},
    RowCount{"principal", "select count(*) from principal"},
    RowCount{"category", "select count(*) from category"},
    RowCount{"room", "select count(*) from room"},
    RowCount{"message", "select coalesce(sum(last_seq - first_seq + 1), 0) from room_head"},
    RowCount{"compliance_outbox", "select count(*) from compliance_outbox"},
};
constexpr std::array compliance_counts{
    RowCount{"event", "select coalesce(max(id), 0) from event"},
    RowCount{"batch", "select count(*) from batch"},
    RowCount{"legal_hold", "select count(*) from legal_hold"},
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

// A value that nobody but `db backup` writes; another one is no time.
Microseconds noted_backup(Session& session) {
    std::string text;
    session.raw() << "select value from deployment where name = 'last_backup_at'", soci::into(text);
    Microseconds at = 0;
    if (session.raw().got_data())
        std::from_chars(text.data(), text.data() + text.size(), at);
    return at;
}

}  // namespace

std::vector<RowCount> row_counts(Purpose purpose) {
    if (purpose == Purpose::content)
        return {content_counts.begin(), content_counts.end()};
    return {compliance_counts.begin(), compliance_counts.end()};
}

Facts inspect(Session& session, Purpose purpose, bool has_schema) {
    Facts facts;
    session.raw() << std::string{version_query(session.engine())}, soci::into(facts.engine_version);
    facts.bytes = number(session, size_query(session.engine()));
    if (session.engine() == Engine::sqlserver)
        read_server_books(session, facts);
    if (!has_schema)
        return facts;
    for (const RowCount& count : row_counts(purpose))
        facts.rows.emplace_back(count.name, number(session, count.query));
    if (session.engine() != Engine::sqlserver)
        facts.last_backup = noted_backup(session);
    return facts;
}

Result<Facts> inspect(Database& database, Purpose purpose, bool has_schema) {
    return database.read("reading its facts", [&](Session& session) -> Result<Facts> {
        return inspect(session, purpose, has_schema);
    });
}

}  // namespace pchat::sql
