// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/backend.h"

#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

namespace pchat::test {

std::vector<sql::Engine> engines() {
    std::vector<sql::Engine> out{sql::Engine::sqlite};
    if (Postgres::shared() != nullptr)
        out.push_back(sql::Engine::postgresql);
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
    sql::Database server{Postgres::shared()->superuser("postgres")};
    REQUIRE_OK(server.outside_transaction("create", [&](sql::Session& session) -> Result<void> {
        session.raw() << "create database " + name_;
        return {};
    }));
}

EmptyDatabase::~EmptyDatabase() {
    if (engine_ == sql::Engine::sqlite)
        return;
    sql::Database server{Postgres::shared()->superuser("postgres")};
    const Result<void> dropped =
        server.outside_transaction("drop", [&](sql::Session& session) -> Result<void> {
            session.raw() << "drop database " + name_ + " with (force)";
            return {};
        });
    CHECK(dropped.has_value());
}

sql::Target EmptyDatabase::target() const {
    if (engine_ == sql::Engine::postgresql)
        return Postgres::shared()->superuser(name_);
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
