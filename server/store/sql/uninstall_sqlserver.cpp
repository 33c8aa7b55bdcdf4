// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"
#include "server/store/sql/uninstall.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

constexpr Engine ms = Engine::sqlserver;

// One batch: whether a login has a user in any other database can only be asked in each of them.
std::string drop_login(const std::string& user) {
    return fmt::format(
        "DECLARE @used INT = 0, @query NVARCHAR(MAX) = N'';"
        " SELECT @query = @query + N' UNION ALL SELECT 1 AS n FROM ' + QUOTENAME(name) +"
        " N'.sys.database_principals WHERE sid = SUSER_SID(@login)' FROM sys.databases"
        " WHERE state = 0 AND database_id > 4;"
        " SET @query = N'SELECT @used = COUNT(*) FROM (SELECT 1 AS n WHERE 1 = 0' + @query +"
        " N') AS u';"
        " EXEC sp_executesql @query, N'@login SYSNAME, @used INT OUTPUT', @login = {0},"
        " @used = @used OUTPUT;"
        " IF @used = 0 AND IS_SRVROLEMEMBER(N'sysadmin', {0}) = 0 AND EXISTS (SELECT 1 FROM"
        " sys.sql_logins WHERE name = {0}) DROP LOGIN {1}",
        quoted_text(ms, user),
        quoted_name(ms, user)
    );
}

}  // namespace

std::vector<ProvisionStep> sqlserver_uninstall(const Wanted& wanted, Fate fate) {
    const std::string& database = wanted.target.database;
    const std::string_view master = maintenance_database(ms);
    const std::string there = fmt::format("IF DB_ID({}) IS NOT NULL ", quoted_text(ms, database));
    std::vector<ProvisionStep> out;
    if (fate == Fate::detach) {
        // The logins stay as well: whoever attaches the files again finds its users in order.
        out.push_back(plain_step(
            fmt::format("detach database '{}', its files stay", database),
            {there + "EXEC sp_detach_db @dbname = " + quoted_text(ms, database)},
            master
        ));
        return out;
    }
    out.push_back(plain_step(
        fmt::format("drop database '{}'", database),
        {there + "DROP DATABASE " + quoted_name(ms, database)},
        master
    ));
    for (const NamedLogin& login : logins_to_create(wanted))
        out.push_back(plain_step(
            fmt::format("drop login '{}' unless something else uses it", login.login->user),
            {drop_login(login.login->user)},
            master
        ));
    return out;
}

}  // namespace pchat::sql
