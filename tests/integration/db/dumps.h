// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/database.h"
#include "server/store/sql/target.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pchat::test {

/// tests/data/migrations/<database>/<dialect>/v<version>.sql
std::filesystem::path dump_of(sql::Purpose purpose, sql::Engine engine, int version);
/// The rows that the dump of a version was made with.
std::filesystem::path rows_of(sql::Purpose purpose, int version);

/// Runs a file of SQL with the engine's own tool, which knows what dumps look like.
void load(const sql::Target& target, const std::filesystem::path& file);
/// Writes the whole database as SQL.
void dump(const sql::Target& target, const std::filesystem::path& file);

/// Tables, columns, keys, checks and indexes, one fact a line, whatever the way they came about.
std::vector<std::string> describe_schema(sql::Database& database);

/// The columns of each table.
using Columns = std::map<std::string, std::vector<std::string>>;
Columns columns_of(sql::Database& database);

/// Each row as one text, table by table, for the columns that are named.
std::map<std::string, std::vector<std::string>> rows_in(
    sql::Database& database, const Columns& columns
);

}  // namespace pchat::test
