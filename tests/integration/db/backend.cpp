// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/backend.h"

#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/sqlserver.h"

#include <fmt/format.h>
#include <unistd.h>

namespace pchat::test {
namespace {

// As `db provision` creates them, as far as programs can tell.
std::vector<std::string> creating(sql::Engine engine, const std::string& name) {
    if (engine == sql::Engine::postgresql)
        return {"create database " + name};
    return {
        "CREATE DATABASE [" + name + "] COLLATE Latin1_General_100_CI_AS",
        "ALTER DATABASE [" + name + "] SET READ_COMMITTED_SNAPSHOT ON"};
}

std::vector<std::string> dropping(sql::Engine engine, const std::string& name) {
    if (engine == sql::Engine::postgresql)
        return {"drop database " + name + " with (force)"};
    return {
        "ALTER DATABASE [" + name + "] SET SINGLE_USER WITH ROLLBACK IMMEDIATE",
        "DROP DATABASE [" + name + "]"};
}

Result<void> run_on_server(sql::Engine engine, const std::vector<std::string>& statements) {
    sql::Database server{
        engine == sql::Engine::postgresql ? Postgres::shared()->superuser("postgres")
                                          : *sqlserver_target("master")};
    return server.outside_transaction("prepare", [&](sql::Session& session) -> Result<void> {
        for (const std::string& statement : statements)
            session.raw() << statement;
        return {};
    });
}

}  // namespace

std::vector<sql::Engine> engines() {
    std::vector<sql::Engine> out{sql::Engine::sqlite};
    if (Postgres::shared() != nullptr)
        out.push_back(sql::Engine::postgresql);
    if (sqlserver_target("master"))
        out.push_back(sql::Engine::sqlserver);
    return out;
}

std::string fresh_name(const std::string& begin) {
    static int count = 0;
    return fmt::format("{}_{}", begin, ++count);
}

EmptyDatabase::EmptyDatabase(sql::Engine engine) : engine_(engine) {
    if (engine == sql::Engine::sqlite) {
        name_ = dir_.write("test.db", "").string();  // sessions never create one
        return;
    }
    name_ = fresh_name("empty");
    if (engine == sql::Engine::sqlserver)  // shared with other runs
        name_ = fmt::format("pchat_test_{}_{}", ::getpid(), name_);
    REQUIRE_OK(run_on_server(engine, creating(engine, name_)));
}

EmptyDatabase::~EmptyDatabase() {
    if (engine_ == sql::Engine::sqlite)
        return;
    CHECK(run_on_server(engine_, dropping(engine_, name_)).has_value());
}

sql::Target EmptyDatabase::target() const {
    if (engine_ == sql::Engine::postgresql)
        return Postgres::shared()->superuser(name_);
    if (engine_ == sql::Engine::sqlserver)
        return *sqlserver_target(name_);
    sql::Target out;
    out.database = name_;
    return out;
}

Result<void> run(sql::Database& database, const std::string& statement) {
    return database.write("statement", [&](sql::Session& session) -> Result<void> {
        session.raw() << statement;
        return {};
    });
}

int number(sql::Database& database, const std::string& query) {
    const Result<int> value = database.read("query", [&](sql::Session& session) -> Result<int> {
        int out = 0;
        session.raw() << query, soci::into(out);
        return out;
    });
    REQUIRE_OK(value);
    return *value;
}

}  // namespace pchat::test
