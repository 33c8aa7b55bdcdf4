// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace pchat::sql {
namespace {

bool in_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view clock_of(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "cast((julianday('now') - 2440587.5) * 86400000000.0 as integer)";
    case Engine::postgresql:
        return "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
    case Engine::sqlserver:
        // DATEDIFF_BIG came with 2016, and DATEDIFF in microseconds overflows after 36 minutes.
        return "(select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + "
               "datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t)";
    }
    return "";
}

std::string words_of(std::string_view parameter, Engine engine) {
    if (engine != Engine::sqlserver)
        return std::string{parameter};
    return fmt::format(
        "convert(nvarchar(max), convert(varbinary(max), cast({} as varchar(max)), 2))", parameter
    );
}

std::string prefixed(std::string_view names, std::string_view prefix) {
    std::string out;
    for (std::size_t begin = 0; begin < names.size();) {
        const std::size_t end = std::min(names.find(", ", begin), names.size());
        out += fmt::format(
            "{}{}{}", out.empty() ? "" : ", ", prefix, names.substr(begin, end - begin)
        );
        begin = end + 2;
    }
    return out;
}

std::string column_list(const Table& table) {
    std::string out;
    for (const TableColumn& column : table.columns)
        out += fmt::format("{}{}", out.empty() ? "" : ", ", column.name);
    return out;
}

std::string columns_of(std::string_view table) {
    for (const Table* known : catalog().tables)
        if (known->name == table)
            return column_list(*known);
    return fmt::format("(no table '{}' in the catalog)", table);
}

// What stands in braces.
std::string expand(std::string_view macro, Engine engine) {
    const std::size_t blank = std::min(macro.find(' '), macro.size());
    const std::string_view word = macro.substr(0, blank);
    const std::string_view rest = blank < macro.size() ? macro.substr(blank + 1) : "";
    const bool microsoft = engine == Engine::sqlserver;
    if (word == "now")
        return std::string{clock_of(engine)};
    if (word == "columns")
        return columns_of(rest);
    if (word == "limit" && microsoft)
        return fmt::format("offset 0 rows fetch next {} rows only", rest);
    if (word == "limit")
        return fmt::format("limit {}", rest);
    if (word == "words")
        return words_of(rest, engine);
    // SQLite lets one write at a time.
    if (word == "hold")
        return microsoft ? "with (updlock, rowlock)" : "";
    if (word == "held")
        return engine == Engine::postgresql ? "for no key update" : "";
    if (word == "output")
        return microsoft ? "output " + prefixed(rest, "inserted.") : "";
    if (word == "returning")
        return microsoft ? "" : fmt::format("returning {}", rest);
    return fmt::format("(unknown macro '{}')", word);
}

std::string parameter(
    std::string_view name, const TableColumn& column, Engine engine, std::size_t row
) {
    const std::string text = fmt::format(":{}{}", name, row);
    return column.letters == Letters::any ? words_of(text, engine) : text;
}

}  // namespace

std::string repeated(std::string_view pattern, std::string_view between, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += i == 0 ? "" : between;
        for (const char c : pattern)
            c == '#' ? out += std::to_string(i) : out += c;
    }
    return out;
}

Rendered render(std::string_view text, Engine engine) {
    Rendered out;
    const auto take = [&](std::string_view part, bool words) {
        for (std::size_t i = 0; i < part.size(); ++i)
            if (part[i] == ':' && i + 1 < part.size() && in_name(part[i + 1]))
                out.words.push_back(words);
        return part;
    };
    while (!text.empty()) {
        const std::size_t open = std::min(text.find('{'), text.size());
        out.text += take(text.substr(0, open), false);
        if (open == text.size())
            break;
        const std::size_t close = text.find('}', open);
        const std::string_view macro = text.substr(open + 1, close - open - 1);
        take(macro, macro.starts_with("words "));
        const std::string made = expand(macro, engine);
        // Where an engine needs nothing, no double blank remains.
        if (made.empty() && out.text.ends_with(' '))
            out.text.pop_back();
        out.text += made;
        text.remove_prefix(close + 1);
    }
    return out;
}

Rendered render_insert(const Table& table, std::size_t rows, Engine engine) {
    Rendered out;
    out.text = fmt::format("insert into {} ({}) values ", table.name, column_list(table));
    for (std::size_t row = 0; row < rows; ++row) {
        out.text += row == 0 ? "(" : ", (";
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (i != 0)
                out.text += ", ";
            out.text += parameter(fmt::format("c{}_", i), table.columns[i], engine, row);
            out.words.push_back(table.columns[i].letters == Letters::any);
        }
        out.text += ')';
    }
    return out;
}

Rendered render_update(const Table& table, Engine engine) {
    Rendered out;
    std::string condition;
    out.text = fmt::format("update {} set ", table.name);
    const auto note = [&](const TableColumn& column) {
        out.words.push_back(column.letters == Letters::any);
        return parameter(column.name, column, engine, 1);
    };
    bool first = true;
    for (const TableColumn& column : table.columns)
        if (column.part == Part::free || column.part == Part::revision) {
            out.text += first ? "" : ", ";
            first = false;
            out.text += column.part == Part::revision
                            ? fmt::format("{0} = {0} + 1", column.name)
                            : fmt::format("{} = {}", column.name, note(column));
        }
    for (const TableColumn& column : table.columns)
        if (column.part == Part::key || column.part == Part::revision)
            condition += fmt::format(
                "{}{} = {}", condition.empty() ? " where " : " and ", column.name, note(column)
            );
    out.text += condition;
    return out;
}

std::vector<std::size_t> insert_sizes(const Table& table) {
    constexpr std::size_t most_parameters = 2100;
    const std::size_t largest = 128 * table.columns.size() <= most_parameters ? 128 : 64;
    return {largest, 32, 8, 1};
}

}  // namespace pchat::sql
