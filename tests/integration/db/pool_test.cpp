// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <atomic>
#include <future>
#include <stdexcept>

using namespace pchat;
using namespace pchat::test;
using sql::Session;

namespace {

struct Table {
    explicit Table(sql::Engine engine) : empty(engine), database(empty.target()) {
        REQUIRE_OK(run(database, "create table a (x integer)"));
    }
    int rows() { return number(database, "select count(*) from a"); }

    EmptyDatabase empty;
    sql::Database database;
};

bool waits_for_disk(Session& session) {
    std::string setting;
    session.raw()
        << (session.engine() == sql::Engine::sqlite ? "pragma synchronous"
                                                    : "show synchronous_commit"),
        soci::into(setting);
    return setting == (session.engine() == sql::Engine::sqlite ? "2" : "on");
}

}  // namespace

TEST_CASE("pool: what ends with an error or an exception is rolled back", "[pool]") {
    Table table{GENERATE(from_range(engines()))};
    const auto insert = [](Session& session) { session.raw() << "insert into a values (1)"; };

    const Result<void> failed =
        table.database.write("insert", [&](Session& session) -> Result<void> {
            insert(session);
            return fail(Errc::invalid, "changed my mind");
        });
    REQUIRE_ERR(failed, Errc::invalid, "changed my mind");
    CHECK(table.rows() == 0);

    const Result<void> threw =
        table.database.write("insert", [&](Session& session) -> Result<void> {
            insert(session);
            throw std::runtime_error("broken");
        });
    REQUIRE_ERR(threw, Errc::internal, "broken");
    CHECK(table.rows() == 0);

    const Result<void> refused =
        table.database.write("insert", [&](Session& session) -> Result<void> {
            insert(session);
            session.raw() << "insert into nowhere values (1)";
            return {};
        });
    REQUIRE_FALSE(refused);
    CHECK(table.rows() == 0);

    REQUIRE_OK(run(table.database, "insert into a values (1)"));
    CHECK(table.rows() == 1);
}

TEST_CASE("pool: whoever waits for a session waits no longer than allowed", "[pool]") {
    const EmptyDatabase empty{GENERATE(from_range(engines()))};
    sql::PoolOptions options;
    options.sessions = 1;
    options.wait = std::chrono::milliseconds{50};
    sql::Database database{empty.target(), options};
    Result<void> second;
    const Result<void> first = database.read("outer", [&](Session&) -> Result<void> {
        second = std::async(std::launch::async, [&] {
                     return run(database, "create table b (x integer)");
                 }).get();
        return {};
    });
    REQUIRE_OK(first);
    REQUIRE_ERR(second, Errc::timeout, "no session to");
    REQUIRE_OK(run(database, "create table b (x integer)"));
}

TEST_CASE("pool: a server that dies before the commit is never reported as success", "[pool]") {
    if (Postgres::shared() == nullptr)
        return;
    Table table{sql::Engine::postgresql};
    const Result<void> lost = table.database.write("insert", [&](Session& session) -> Result<void> {
        session.raw() << "insert into a values (1)";
        Postgres::shared()->kill9();
        return {};
    });
    Postgres::shared()->start();
    REQUIRE_ERR(lost, Errc::unknown_outcome, "may or may not have happened");
    CHECK(table.rows() == 0);  // by a new session
}

TEST_CASE("pool: a commit that the database refuses is a failure, not a riddle", "[pool]") {
    const sql::Engine engine = GENERATE(from_range(engines()));
    if (engine == sql::Engine::sqlserver)
        return;  // has no constraints that wait for the commit
    Table table{engine};
    REQUIRE_OK(run(table.database, "create table p (id integer primary key)"));
    REQUIRE_OK(run(
        table.database, "create table c (p integer references p (id) deferrable initially deferred)"
    ));
    const Result<void> refused =
        table.database.write("insert", [](Session& session) -> Result<void> {
            session.raw() << "insert into a values (1)";
            session.raw() << "insert into c values (1)";
            return {};
        });
    REQUIRE_ERR(refused, Errc::conflict, "insert failed on");
    CHECK(table.rows() == 0);
    REQUIRE_OK(run(table.database, "insert into a values (1)"));
    CHECK(table.rows() == 1);
}

TEST_CASE("pool: a server that dies between two statements is a failure", "[pool]") {
    if (Postgres::shared() == nullptr)
        return;
    Table table{sql::Engine::postgresql};
    const Result<void> lost = table.database.write("insert", [&](Session& session) -> Result<void> {
        Postgres::shared()->kill9();
        session.raw() << "insert into a values (1)";
        return {};
    });
    Postgres::shared()->start();
    REQUIRE_FALSE(lost);
    CHECK(table.rows() == 0);
    REQUIRE_OK(run(table.database, "insert into a values (1)"));
    CHECK(table.rows() == 1);
}

TEST_CASE("pool: sessions recover when the server was started anew", "[pool]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    sql::PoolOptions options;
    options.trust = std::chrono::seconds{0};  // ask every time
    sql::Database database{empty.target(), options};
    REQUIRE_OK(run(database, "create table a (x integer)"));
    Postgres::shared()->stop();
    REQUIRE_ERR(run(database, "insert into a values (1)"), Errc::unreachable, "cannot be reached");
    Postgres::shared()->start();
    REQUIRE_OK(run(database, "insert into a values (1)"));
}

TEST_CASE("pool: victims of a deadlock run again", "[pool]") {
    if (Postgres::shared() == nullptr)
        return;
    Table table{sql::Engine::postgresql};
    REQUIRE_OK(run(table.database, "insert into a values (1), (2)"));
    std::atomic<int> runs{0};
    std::promise<void> first_holds;
    std::promise<void> second_holds;
    // Each locks one row, waits until the other has its own, and then wants the other's.
    const auto both = [&](int mine, std::promise<void>& i_hold, std::shared_future<void> other_holds
                      ) {
        bool again = false;
        return table.database.write("update", [&, mine](Session& session) -> Result<void> {
            ++runs;
            const int other = 3 - mine;
            session.raw() << "update a set x = x where x = " << mine;
            if (!again) {
                again = true;
                i_hold.set_value();
                other_holds.wait();
            }
            session.raw() << "update a set x = x where x = " << other;
            return {};
        });
    };
    auto second = std::async(std::launch::async, [&, wait = first_holds.get_future().share()] {
        return both(2, second_holds, wait);
    });
    const Result<void> first = both(1, first_holds, second_holds.get_future().share());
    REQUIRE_OK(first);
    REQUIRE_OK(second.get());
    CHECK(runs >= 3);
}

TEST_CASE(
    "pool: only what can be made again, and on SQLite, does not wait for the disk", "[pool]"
) {
    const sql::Engine engine = GENERATE(from_range(engines()));
    const bool derived_waits = engine != sql::Engine::sqlite;
    const EmptyDatabase empty{engine};
    sql::PoolOptions options;
    options.sessions = 1;  // all of it by the same one
    sql::Database database{empty.target(), options};
    REQUIRE_OK(run(database, "create table a (x integer)"));
    const auto insert = [](bool& waits) {
        return [&waits](Session& session) -> Result<void> {
            session.raw() << "insert into a values (1)";
            waits = waits_for_disk(session);
            return {};
        };
    };
    const auto expect_waiting = [&] {
        bool waits = false;
        REQUIRE_OK(database.write("insert", insert(waits)));
        CHECK(waits);
    };
    expect_waiting();
    bool waits = !derived_waits;
    REQUIRE_OK(database.write_derived("insert", insert(waits)));
    CHECK(waits == derived_waits);
    expect_waiting();
    waits = !derived_waits;
    REQUIRE_OK(database.write_derived("insert", insert(waits)));
    CHECK(waits == derived_waits);
    REQUIRE_OK(database.outside_transaction("insert", insert(waits)));
    CHECK(waits);
    waits = !derived_waits;
    REQUIRE_FALSE(database.write_derived("insert", [&](Session& session) -> Result<void> {
        REQUIRE_OK(insert(waits)(session));
        return fail(Errc::invalid, "changed my mind");
    }));
    CHECK(waits == derived_waits);
    expect_waiting();
    CHECK(number(database, "select count(*) from a") == 6);
}
