// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::sql {

/// A statement of the running program, written once for all engines. Parameters are `:name`, each
/// used once (ODBC knows them by place only). What engines write differently:
///   {columns room}     the columns of the table, as its Mapping has them
///   {limit :n}         the first rows of an ordered query
///   {now}              the database's clock in microseconds
///   {words :name}      a parameter with people's words: see Letters
///   {hold} ... {held}  around the WHERE of a SELECT: its rows stay locked until the end
///   {output a, b} ... {returning a, b}   both, around the WHERE of an UPDATE that gives a row back
struct Statement {
    std::string_view name;  // "room by name"
    std::string_view text;
};

/// What an UPDATE by key does with a column.
enum class Part : std::uint8_t { key, revision, free, fixed };

/// What a text column may hold. SQL Server's drivers send a text parameter in the code page of the
/// database and lose all other letters, so `any` goes as UTF-16 in hexadecimal and is converted by
/// the statement.
enum class Letters : std::uint8_t { ascii, any };

struct TableColumn {
    std::string_view name;
    Part part = Part::fixed;
    Letters letters = Letters::ascii;
};

struct Table {
    std::string_view name;
    std::vector<TableColumn> columns;
};

/// The text for an engine. Parameters that hold words are reported by their place.
struct Rendered {
    std::string text;
    std::vector<bool> words;  // for each parameter
};

/// Every table and statement that the program may run: what is not here is refused, so that the
/// golden files of the tests are complete.
struct Catalog {
    std::vector<const Table*> tables;
    std::vector<const Statement*> statements;
};
const Catalog& catalog();

/// `pattern` so many times, `#` in it being 0, 1, 2, ...
std::string repeated(std::string_view pattern, std::string_view between, std::size_t times);

Rendered render(std::string_view text, Engine engine);
Rendered render_insert(const Table& table, std::size_t rows, Engine engine);
/// By key; with a revision in the table only when it is the expected one, and raises it.
Rendered render_update(const Table& table, Engine engine);

/// How many rows one INSERT takes, largest first: few sizes, so that few are prepared, each within
/// SQL Server's 2,100 parameters and 1,000 rows.
std::vector<std::size_t> insert_sizes(const Table& table);

}  // namespace pchat::sql
