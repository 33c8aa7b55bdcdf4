// SPDX-License-Identifier: Apache-2.0
// What an administrator reads when a database cannot be used. Each names the engine, the place, the
// database and the login, and never the password.
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

using namespace pchat;
using namespace pchat::test;
namespace fs = std::filesystem;

namespace {

sql::Target sqlite(const fs::path& file) {
    sql::Target out;
    out.database = file.string();
    return out;
}

}  // namespace

TEST_CASE("database errors: PostgreSQL says why it cannot be used", "[error]") {
    Postgres* server = Postgres::shared();
    if (server == nullptr)
        return;
    sql::Target target = server->as("postgres", "postgres", test_password);
    SECTION("wrong password") {
        check_error(error_of_connecting(target), target, Errc::denied, "refused the login");
    }
    SECTION("unknown login") {
        target.login.user = "nobody";
        check_error(error_of_connecting(target), target, Errc::denied, "refused the login");
    }
    SECTION("database missing") {
        target = server->superuser("no_such_database");
        check_error(error_of_connecting(target), target, Errc::not_found, "does not exist");
    }
}

TEST_CASE("database errors: PostgreSQL says which permission is missing", "[error]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    sql::Database owner{empty.target()};
    const std::string user = fresh_name("weak");
    REQUIRE_OK(run(owner, "create role " + user + " login password 'hunter2;}x'"));
    REQUIRE_OK(run(owner, "create table closed (x integer)"));
    {
        sql::Database weak{Postgres::shared()->as(empty.target().database, user, test_password)};
        const Result<void> written = run(weak, "insert into closed values (1)");
        REQUIRE_FALSE(written);
        check_error(written.error(), weak.target(), Errc::denied, "lacks a permission");
        const Result<void> missing = run(weak, "insert into nowhere values (1)");
        REQUIRE_FALSE(missing);
        check_error(missing.error(), weak.target(), Errc::not_found, "table does not exist");
    }
    REQUIRE_OK(run(owner, "drop role " + user));
}

TEST_CASE("database errors: SQLite says what is wrong with the file", "[error]") {
    const TempDir dir;
    SECTION("it is missing, or its directory is") {
        const sql::Target target =
            sqlite(dir.path() / GENERATE(as<std::string>{}, "pchat.db", "missing/pchat.db"));
        check_error(error_of_connecting(target), target, Errc::not_found, "does not exist");
    }
    SECTION("it is a directory") {
        const sql::Target target = sqlite(dir.path());
        check_error(error_of_connecting(target), target, Errc::not_found, "cannot be opened");
    }
    SECTION("it is something else") {
        const sql::Target target =
            sqlite(dir.write("pchat.db", std::string(4096, 'x').append(" no database")));
        check_error(error_of_connecting(target), target, Errc::bad_file, "no SQLite database");
    }
}

TEST_CASE("database errors: SQLite says that it may not write", "[error]") {
    if (::geteuid() == 0) {
        WARN("SKIPPED: root may write everything");
        return;
    }
    const TempDir dir;
    const sql::Target target = sqlite(dir.write("pchat.db", ""));
    {
        sql::Database database{sqlite(dir.path() / "pchat.db")};
        REQUIRE_OK(run(database, "create table a (x integer)"));
    }
    fs::permissions(target.database, fs::perms::owner_read);
    sql::Database database{sqlite(dir.path() / "pchat.db")};
    const Result<void> written = run(database, "insert into a values (1)");
    REQUIRE_FALSE(written);
    check_error(written.error(), target, Errc::denied, "cannot be written");
}

TEST_CASE("database errors: SQLite says that somebody else holds the file", "[error]") {
    const TempDir dir;
    sql::Target target = sqlite(dir.write("pchat.db", ""));
    {
        sql::Database database{sqlite(dir.path() / "pchat.db")};
        REQUIRE_OK(run(database, "create table a (x integer)"));
    }
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(target.database.c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "begin immediate", nullptr, nullptr, nullptr) == SQLITE_OK);
    {
        // A single statement on a session of its own: no pool that tries again.
        const Result<std::unique_ptr<sql::Session>> session = sql::Session::open(target);
        REQUIRE_OK(session);
        (*session)->raw() << "pragma busy_timeout = 50";
        const Result<void> written = (*session)->guarded("insert", [&]() -> Result<void> {
            (*session)->begin_write(sql::Durability::at_once);
            return {};
        });
        REQUIRE_FALSE(written);
        check_error(written.error(), target, Errc::timeout, "another process holds");
    }
    sqlite3_close(other);
}
