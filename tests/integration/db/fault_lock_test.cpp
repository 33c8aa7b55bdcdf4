// SPDX-License-Identifier: Apache-2.0
// Somebody else holds what is needed.
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/sqlite_holder.h"

#include <chrono>
#include <future>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;
using sql::Session;

namespace {

sql::Target impatient(sql::Target target) {
    target.lock_timeout = 300ms;
    return target;
}

}  // namespace

TEST_CASE("lock faults: SQLite says that another process holds the file, in time", "[fault]") {
    const EmptyDatabase empty{sql::Engine::sqlite};
    const sql::Target target = impatient(empty.target());
    {
        const SqliteHolder holder{target.database};
        check_error(
            error_of_connecting(target), target, Errc::timeout, "another process holds the database"
        );
    }
    REQUIRE_OK(sql::Session::open(target));
}

TEST_CASE("lock faults: a lock that is not free in time is waited for once", "[fault]") {
    const sql::Engine engine = GENERATE(from_range(engines()));
    const EmptyDatabase empty{engine};
    sql::Database owner{empty.target()};
    REQUIRE_OK(run(owner, "create table a (x integer)"));
    REQUIRE_OK(run(owner, "insert into a values (1)"));
    sql::Database other{impatient(empty.target())};
    int tries = 0;
    Result<void> blocked;
    REQUIRE_OK(owner.write("hold", [&](Session& session) -> Result<void> {
        session.raw() << "update a set x = 2";
        blocked = std::async(std::launch::async, [&] {
                      return other.write("update", [&](Session& second) -> Result<void> {
                          ++tries;
                          second.raw() << "update a set x = 3";
                          return {};
                      });
                  }).get();
        return {};
    }));
    REQUIRE_FALSE(blocked);
    check_error(
        blocked.error(),
        other.target(),
        Errc::timeout,
        engine == sql::Engine::sqlite ? "another process holds the database"
                                      : "a lock was not free in time"
    );
    CHECK(tries <= 1);
    CHECK(number(owner, "select x from a") == 2);
}

TEST_CASE("lock faults: who is always the victim of a deadlock gives up", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    sql::PoolOptions options;
    options.attempts = 3;
    sql::Database database{empty.target(), options};
    int runs = 0;
    const Result<void> gave_up = database.write("update", [&](Session& session) -> Result<void> {
        ++runs;
        // What the server says to a victim, without waiting for it to notice a real deadlock.
        session.raw() << "do $$ begin raise exception 'deadlock detected' using errcode = "
                         "'deadlock_detected'; end $$";
        return {};
    });
    REQUIRE_FALSE(gave_up);
    check_error(
        gave_up.error(),
        database.target(),
        Errc::timeout,
        "it was the victim of a deadlock; gave up after 3 attempts"
    );
    CHECK(runs == 3);
    REQUIRE_OK(run(database, "create table a (x integer)"));
}
