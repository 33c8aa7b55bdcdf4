// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/connection_string.h"
#include "tests/support/expect.h"

using namespace pchat;
using sql::Engine;
using sql::Target;

namespace {

Target target_of(Engine engine, const std::string& password) {
    Target out;
    out.engine = engine;
    out.host = "db.contoso.example";
    out.port = engine == Engine::postgresql ? 5432 : 1433;
    out.database = "pchat";
    out.login = {"run", Secret{password}};
    if (engine == Engine::sqlserver)
        out.encryption = sql::Encryption::require;  // all that FreeTDS can promise
    return out;
}

std::string text(const Target& target) {
    const Result<Secret> made = sql::connection_string(target);
    REQUIRE_OK(made);
    return std::string{made->reveal()};
}

}  // namespace

TEST_CASE("connection string: a password cannot add a keyword", "[connection]") {
    const Engine engine = GENERATE(Engine::postgresql, Engine::sqlserver);
    CHECK_THAT(text(target_of(engine, "a;Server=evil")), Catch::Contains("PWD={a;Server=evil};"));
    CHECK_THAT(
        text(target_of(engine, "a};Server=evil")), Catch::Contains("PWD={a}};Server=evil};")
    );
    CHECK_THAT(text(target_of(engine, "{'\"=")), Catch::Contains("PWD={{'\"=};"));
}

TEST_CASE("connection string: PostgreSQL refuses names its driver cannot be told", "[connection]") {
    Target target = target_of(Engine::postgresql, "x");
    const std::string bad = GENERATE("a;b", "{a}", "a}", " a", "a ");
    SECTION("login") {
        target.login.user = bad;
    }
    SECTION("database") {
        target.database = bad;
    }
    SECTION("host") {
        target.host = bad;
    }
    REQUIRE_ERR(sql::connection_string(target), Errc::invalid, bad);
}

TEST_CASE("connection string: PostgreSQL never waits without end", "[connection]") {
    Target target = target_of(Engine::postgresql, "x");
    target.ca_file = "/etc/it's here/ca.pem";
    const std::string made = text(target);
    CHECK_THAT(made, Catch::Contains("Protocol=7.4-0"));
    CHECK_THAT(made, Catch::Contains("SSLmode=verify-full"));
    CHECK_THAT(made, Catch::Contains("connect_timeout=5 "));
    CHECK_THAT(made, Catch::Contains("tcp_user_timeout=5000"));
    CHECK_THAT(made, Catch::Contains("statement_timeout=30000"));
    CHECK_THAT(made, Catch::Contains("sslrootcert='/etc/it\\'s here/ca.pem'"));
}

TEST_CASE("connection string: SQL Server by either driver", "[connection]") {
    Target target = target_of(Engine::sqlserver, "x");
    CHECK_THAT(text(target), Catch::StartsWith("Driver={FreeTDS};Server=db.contoso.example;"));
    CHECK_THAT(text(target), Catch::Contains("TDS_Version=7.4;ClientCharset=UTF-8"));
    CHECK_THAT(text(target), Catch::Contains(";DMConnAttr=SQL_ATTR_LOGIN_TIMEOUT=5;"));
    target.encryption = sql::Encryption::verify;
    REQUIRE_ERR(sql::connection_string(target), Errc::invalid, "FreeTDS cannot be told");
    target.driver = "ODBC Driver 18 for SQL Server";
    CHECK_THAT(text(target), Catch::Contains("Server=tcp:db.contoso.example,1433;"));
    CHECK_THAT(text(target), Catch::Contains("Encrypt=yes;TrustServerCertificate=no"));
}

TEST_CASE("connection string: a SQLite path with a quote is refused", "[connection]") {
    Target target;
    target.database = "/srv/a\"b";
    REQUIRE_ERR(sql::connection_string(target), Errc::invalid, "/srv/a\"b");
}
