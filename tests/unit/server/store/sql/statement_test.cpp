// SPDX-License-Identifier: Apache-2.0
// Every statement that the running program may send, in the words of each engine: a change of any
// is seen in review, which for SQL Server is the only proof until one is at hand.
#include "generated/folders.h"
#include "server/store/sql/statement.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

using namespace pchat;
using sql::Engine;
using sql::Rendered;

namespace {

struct Named {
    std::string name;
    Rendered rendered;
};

std::vector<Named> all(Engine engine) {
    std::vector<Named> out;
    for (const sql::Table* table : sql::catalog().tables) {
        out.push_back({fmt::format("insert {}", table->name), render_insert(*table, 2, engine)});
        for (const sql::TableColumn& column : table->columns)
            if (column.part == sql::Part::free) {
                out.push_back({fmt::format("update {}", table->name), render_update(*table, engine)}
                );
                break;
            }
    }
    for (const sql::Statement* statement : sql::catalog().statements)
        out.push_back({std::string{statement->name}, render(statement->text, engine)});
    return out;
}

std::vector<std::string> parameters(const std::string& text) {
    static const std::regex parameter{":[a-z][a-z0-9_]*"};
    std::vector<std::string> out;
    for (std::sregex_iterator at{text.begin(), text.end(), parameter}, end; at != end; ++at)
        out.push_back(at->str());
    return out;
}

bool has_word(const std::string& text, const std::string& word) {
    return std::regex_search(text, std::regex{"\\b" + word + "\\b"});
}

}  // namespace

TEST_CASE("statements: they are these", "[statement]") {
    const Engine engine = GENERATE(Engine::sqlite, Engine::postgresql, Engine::sqlserver);
    std::string script;
    for (const Named& one : all(engine))
        script += fmt::format("-- {}\n{};\n", one.name, one.rendered.text);
    test::check_golden(
        fmt::format("{}/tests/data/statements/{}.sql", PCHAT_SOURCE_DIR, to_string(engine)), script
    );
}

TEST_CASE("statements: each has a name of its own, and each parameter one place", "[statement]") {
    const Engine engine = GENERATE(Engine::sqlite, Engine::postgresql, Engine::sqlserver);
    std::set<std::string> names;
    for (const Named& one : all(engine)) {
        INFO(one.name);
        CHECK(names.insert(one.name).second);
        CHECK(one.rendered.text.find('{') == std::string::npos);
        CHECK(one.rendered.text.find("(unknown") == std::string::npos);
        CHECK(one.rendered.text.find("(no table") == std::string::npos);
        const auto used = parameters(one.rendered.text);
        CHECK(std::set<std::string>{used.begin(), used.end()}.size() == used.size());
        CHECK(one.rendered.words.size() == used.size());
    }
}

TEST_CASE("statements: the largest insert is within the limits of every engine", "[statement]") {
    for (const sql::Table* table : sql::catalog().tables) {
        INFO(table->name);
        const std::size_t rows = sql::insert_sizes(*table).front();
        CHECK(rows <= 1000);
        CHECK(rows * table->columns.size() <= 2100);
        CHECK(
            render_insert(*table, rows, Engine::sqlserver).words.size() ==
            rows * table->columns.size()
        );
    }
}

TEST_CASE("statements: SQL Server gets only what 2012 understands", "[statement]") {
    for (const Named& one : all(Engine::sqlserver)) {
        static const std::regex parameter{":[a-z][a-z0-9_]*"};
        const std::string text = std::regex_replace(one.rendered.text, parameter, "?");
        INFO(one.name << ": " << text);
        for (const char* word :
             {"limit",
              "returning",
              "true",
              "false",
              "merge",
              "on conflict",
              "datediff_big",
              "string_agg",
              "ilike",
              "for update"})
            CHECK_FALSE(has_word(text, word));
        CHECK(text.find("||") == std::string::npos);
        CHECK(text.find("::") == std::string::npos);
        if (has_word(text, "fetch next"))
            CHECK(std::regex_search(text, std::regex{"order by [^()]* offset 0 rows fetch next"}));
        // People's words reach it as UTF-16 only.
        std::size_t converted = 0;
        for (std::size_t at = 0;
             (at = text.find("convert(nvarchar(max)", at)) != std::string::npos;)
            ++at, ++converted;
        CHECK(
            converted == static_cast<std::size_t>(
                             std::count(one.rendered.words.begin(), one.rendered.words.end(), true)
                         )
        );
    }
}

TEST_CASE(
    "statements: no name is a word of SQL Server's, so that none needs brackets", "[statement]"
) {
    // Microsoft's list of reserved keywords, those that look like names.
    static const std::set<std::string_view> reserved{
        "add",         "all",        "alter",    "any",       "authorization", "backup",
        "begin",       "browse",     "bulk",     "by",        "cascade",       "case",
        "check",       "checkpoint", "close",    "clustered", "column",        "commit",
        "compute",     "constraint", "contains", "continue",  "convert",       "create",
        "cross",       "current",    "cursor",   "database",  "deallocate",    "declare",
        "default",     "delete",     "deny",     "desc",      "disk",          "distinct",
        "distributed", "double",     "drop",     "dump",      "else",          "end",
        "errlvl",      "escape",     "except",   "exec",      "execute",       "exists",
        "exit",        "external",   "fetch",    "file",      "fillfactor",    "for",
        "foreign",     "freetext",   "from",     "full",      "function",      "goto",
        "grant",       "group",      "having",   "holdlock",  "identity",      "in",
        "index",       "inner",      "insert",   "intersect", "into",          "is",
        "join",        "key",        "kill",     "left",      "like",          "lineno",
        "load",        "merge",      "national", "nocheck",   "not",           "null",
        "of",          "off",        "offsets",  "on",        "open",          "option",
        "or",          "order",      "outer",    "over",      "percent",       "pivot",
        "plan",        "precision",  "primary",  "print",     "proc",          "procedure",
        "public",      "raiserror",  "read",     "readtext",  "reconfigure",   "references",
        "replication", "restore",    "restrict", "return",    "revert",        "revoke",
        "right",       "rollback",   "rowcount", "rule",      "save",          "schema",
        "select",      "set",        "setuser",  "shutdown",  "some",          "statistics",
        "table",       "textsize",   "then",     "to",        "top",           "tran",
        "transaction", "trigger",    "truncate", "union",     "unique",        "unpivot",
        "update",      "use",        "user",     "values",    "varying",       "view",
        "waitfor",     "when",       "where",    "while",     "with",          "within",
        "writetext"};
    for (const sql::Table* table : sql::catalog().tables) {
        INFO(table->name);
        CHECK_FALSE(reserved.contains(table->name));
        for (const sql::TableColumn& column : table->columns) {
            INFO(column.name);
            CHECK_FALSE(reserved.contains(column.name));
        }
    }
}
