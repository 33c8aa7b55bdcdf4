// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/support/sqlserver.h"

#include <cstdlib>

using namespace pchat;
using namespace pchat::test;

namespace {

// The variable for one test.
class Variable {
public:
    explicit Variable(const char* value) { ::setenv("PCHAT_TEST_MSSQL", value, 1); }
    ~Variable() { ::unsetenv("PCHAT_TEST_MSSQL"); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    Variable(Variable&&) = delete;
    Variable& operator=(Variable&&) = delete;
};

}  // namespace

TEST_CASE("sqlserver target: all of it", "[support]") {
    const Variable variable{
        "Server=db.example,14330;Uid=sa;Pwd={a;b}}c};Driver={ODBC Driver 18 for SQL Server};"
        "Encrypt=no"};
    const auto target = sqlserver_target("pchat");
    REQUIRE(target.has_value());
    CHECK(target->describe() == "sqlserver database 'pchat' on db.example:14330 as 'sa'");
    CHECK(target->login.password.reveal() == "a;b}c");
    CHECK(target->driver == "ODBC Driver 18 for SQL Server");
    CHECK(target->encryption == sql::Encryption::off);
}

TEST_CASE("sqlserver target: the least", "[support]") {
    const Variable variable{"Server=db.example\\PCHAT;Uid=sa"};
    const auto target = sqlserver_target("pchat");
    REQUIRE(target.has_value());
    CHECK(target->host == "db.example");
    CHECK(target->instance == "PCHAT");
    CHECK(target->encryption == sql::Encryption::require);
    ::unsetenv("PCHAT_TEST_MSSQL");
    CHECK_FALSE(sqlserver_target("pchat").has_value());
}

TEST_CASE("sqlserver target: what is wrong is told without the password", "[support]") {
    const char* text = GENERATE(
        "Server=a,b;Uid=sa;Pwd=hunter2",
        "Server=a;Pwd=hunter2",
        "Server=a;Uid=sa;Pwd={hunter2",
        "Server=a;Uid=sa;Pwd=hunter2;x",
        "Server=a;Uid=sa;Pwd=hunter2;Color=red"
    );
    const Variable variable{text};
    CHECK_THROWS_WITH(
        sqlserver_target("pchat"), Catch::Contains("CONTRIBUTING.md") && !Catch::Contains("hunter2")
    );
}
