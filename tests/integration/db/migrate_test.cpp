// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "server/store/sql/migrate.h"
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"

#include <thread>

using namespace pchat;
using namespace pchat::test;
using sql::Purpose;
using sql::Step;

namespace {

Step step(int version, std::string_view script) {
    return {version, "000" + std::to_string(version) + "_test", script, sha256_hex(script)};
}

const SystemClock wall_clock;

}  // namespace

TEST_CASE("migrate: from nothing, and then there is nothing to do", "[migrate]") {
    const sql::Engine engine = GENERATE(from_range(engines()));
    const Purpose purpose = GENERATE(Purpose::content, Purpose::compliance);
    const EmptyDatabase empty{engine};
    sql::Database database{empty.target()};
    const std::vector<Step> known = sql::built_in_steps(engine, purpose);
    REQUIRE_ERR(sql::check_schema(database, known), Errc::conflict, "is version 0");

    const Result<std::vector<int>> first = sql::migrate(database, known, wall_clock);
    REQUIRE_OK(first);
    CHECK(first->size() == known.size());
    REQUIRE_OK(sql::check_schema(database, known));
    CHECK(number(database, "select count(*) from deployment") == 0);

    const Result<std::vector<int>> second = sql::migrate(database, known, wall_clock);
    REQUIRE_OK(second);
    CHECK(second->empty());
}

TEST_CASE("migrate: of many at once each step is applied by one", "[migrate]") {
    const sql::Engine engine = GENERATE(from_range(engines()));
    const EmptyDatabase empty{engine};
    const std::vector<Step> known = sql::built_in_steps(engine, Purpose::content);
    std::vector<Result<std::vector<int>>> results(4, fail(Errc::internal, "did not run"));
    std::vector<std::thread> threads;
    for (Result<std::vector<int>>& result : results)
        threads.emplace_back([&] {
            sql::Database database{empty.target()};
            result = sql::migrate(database, known, wall_clock);
        });
    for (std::thread& thread : threads)
        thread.join();
    std::size_t applied = 0;
    for (const Result<std::vector<int>>& result : results) {
        REQUIRE_OK(result);
        applied += result->size();
    }
    CHECK(applied == known.size());
}

TEST_CASE("migrate: a step that was edited after it was applied is refused", "[migrate]") {
    const EmptyDatabase empty{GENERATE(from_range(engines()))};
    sql::Database database{empty.target()};
    REQUIRE_OK(sql::migrate(database, {step(1, "create table a (x integer);\n")}, wall_clock));
    const std::vector<Step> edited{
        step(1, "create table a (x integer, y integer);\n"),
        step(2, "create table b (x integer);\n")};
    REQUIRE_ERR(sql::migrate(database, edited, wall_clock), Errc::conflict, "0001_test");
    REQUIRE_ERR(sql::check_schema(database, edited), Errc::conflict, "0001_test");
    REQUIRE_FALSE(run(database, "insert into b values (1)"));
}

TEST_CASE("migrate: a schema that is newer than the program is refused", "[migrate]") {
    const EmptyDatabase empty{GENERATE(from_range(engines()))};
    sql::Database database{empty.target()};
    const Step first = step(1, "create table a (x integer);\n");
    const Step second = step(2, "create table b (x integer);\n");
    REQUIRE_OK(sql::migrate(database, {first, second}, wall_clock));
    REQUIRE_ERR(sql::migrate(database, {first}, wall_clock), Errc::conflict, "is version 2");
    REQUIRE_ERR(sql::check_schema(database, {first}), Errc::conflict, "is version 2");
}

TEST_CASE(
    "migrate: a step that fails leaves nothing of itself, and the one before it", "[migrate]"
) {
    const EmptyDatabase empty{GENERATE(from_range(engines()))};
    sql::Database database{empty.target()};
    const Step first = step(1, "create table a (x integer);\n");
    const Step broken = step(2, "create table b (x integer);\ninsert into nowhere values (1);\n");
    REQUIRE_FALSE(sql::migrate(database, {first, broken}, wall_clock));

    const Result<std::vector<sql::AppliedStep>> applied = sql::applied_steps(database);
    REQUIRE_OK(applied);
    CHECK(applied->size() == 1);
    REQUIRE_FALSE(run(database, "insert into b values (1)"));

    const Step mended = step(2, "create table b (x integer);\ninsert into b values (1);\n");
    REQUIRE_OK(sql::migrate(database, {first, mended}, wall_clock));
    CHECK(number(database, "select count(*) from b") == 1);
}
