// SPDX-License-Identifier: Apache-2.0
// What an administrator reads when no database server is reached, or not the right one.
#include "server/store/sql/libpq_environment.h"
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/odd_port.h"
#include "tests/support/postgres.h"
#include "tests/support/skip.h"

#include <sched.h>

#include <chrono>
#include <clocale>
#include <cstdlib>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using Manner = OddPort::Manner;

namespace {

sql::Target target_at(sql::Engine engine, int port) {
    sql::Target out;
    out.engine = engine;
    out.host = "127.0.0.1";
    out.port = port;
    out.database = "pchat_content";
    out.encryption = sql::Encryption::off;
    out.login = {"pchat_run", Secret{test_password}};
    out.connect_timeout = std::chrono::seconds{2};  // libpq's shortest
    return out;
}

// Runs in a thread that has a network of its own with nothing in it, not even a loopback.
template <class F>
bool without_network(F&& body) {
    bool alone = false;
    std::thread{[&] {
        alone = ::unshare(CLONE_NEWNET) == 0;
        if (alone)
            body();
    }}.join();
    return alone;
}

}  // namespace

TEST_CASE("connection faults: PostgreSQL says what is in the way", "[fault]") {
    struct Case {
        Manner manner;
        sql::Encryption encryption;
        const char* why;
    };
    const auto c = GENERATE(values<Case>({
        {Manner::refuses, sql::Encryption::verify, "cannot be reached: nothing listens there"},
        {Manner::silent, sql::Encryption::verify, "cannot be reached: nothing answers in time"},
        {Manner::other, sql::Encryption::verify, "what answers there is no PostgreSQL"},
        {Manner::other, sql::Encryption::off, "what answers there is no PostgreSQL"},
    }));
    const OddPort port{c.manner};
    sql::Target target = target_at(sql::Engine::postgresql, port.number());
    target.encryption = c.encryption;
    check_error(error_of_connecting(target), target, Errc::unreachable, c.why);
}

TEST_CASE("connection faults: FreeTDS's errors name place and login, and come in time", "[fault]") {
    if (!has_freetds())
        return;
    const OddPort port{GENERATE(Manner::refuses, Manner::silent, Manner::other)};
    const sql::Target target = target_at(sql::Engine::sqlserver, port.number());
    const Error error = error_of_connecting(target);
    check_error(error, target, Errc::unreachable, "the server cannot be reached");
    CHECK_THAT(
        error.message,
        Catch::Contains("'pchat_content' on 127.0.0.1:" + std::to_string(port.number())) &&
            Catch::Contains("as 'pchat_run'")
    );
}

TEST_CASE("connection faults: a host that no route leads to", "[fault]") {
    const sql::Engine engine = GENERATE(sql::Engine::postgresql, sql::Engine::sqlserver);
    if (engine == sql::Engine::sqlserver && !has_freetds())
        return;
    sql::Target target = target_at(engine, 5432);
    target.host = "203.0.113.7";  // RFC 5737: nobody's address
    Error error;
    if (!without_network([&] { error = error_of_connecting(target); })) {
        skip("a network namespace needs root");
        return;
    }
    check_error(error, target, Errc::unreachable, "the server cannot be reached");
}

TEST_CASE("connection faults: a host name that nobody knows", "[fault]") {
    const sql::Engine engine = GENERATE(sql::Engine::postgresql, sql::Engine::sqlserver);
    if (engine == sql::Engine::sqlserver && !has_freetds())
        return;
    sql::Target target = target_at(engine, 5432);
    target.host = "pg.invalid";  // RFC 6761: never a name
    Error error;
    if (!without_network([&] { error = error_of_connecting(target); })) {
        skip("a network namespace needs root");
        return;
    }
    check_error(error, target, Errc::unreachable, "the server cannot be reached");
}

TEST_CASE("connection faults: a driver that is missing is named", "[fault]") {
    const sql::Engine engine = GENERATE(sql::Engine::postgresql, sql::Engine::sqlserver);
    sql::Target target = target_at(engine, 5432);
    target.driver = "No Such Driver";
    check_error(
        error_of_connecting(target),
        target,
        Errc::not_found,
        "the ODBC driver is not installed: No Such Driver"
    );
}

TEST_CASE("connection faults: variables of libpq lead nowhere else", "[fault]") {
    Postgres* server = Postgres::shared();
    if (server == nullptr)
        return;
    const sql::Target target = server->superuser("postgres");
    ::setenv("PGOPTIONS", "-cdefault_transaction_read_only=on", 1);
    ::setenv("PGSERVICE", "elsewhere", 1);
    ::setenv("PGHOSTADDR", "127.0.0.200", 1);
    ::setenv("PGPASSWORD", "a reference may name it", 1);
    CHECK_FALSE(sql::Session::open(target).has_value());
    sql::forget_libpq_environment();
    CHECK(std::getenv("PGPASSWORD") != nullptr);
    ::unsetenv("PGPASSWORD");
    // Nor does the driver change this process's locale under its threads.
    REQUIRE(std::setlocale(LC_CTYPE, "C") != nullptr);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    sql::Database database{target.copy()};
    CHECK(number(database, "select cast(current_setting('port') as integer)") == target.port);
    const Result<void> written = run(database, "create temporary table pchat_probe (x integer)");
    REQUIRE_OK(written);
    ::unsetenv("LC_ALL");
    CHECK(std::setlocale(LC_CTYPE, nullptr) == std::string{"C"});
}
