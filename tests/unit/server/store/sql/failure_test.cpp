// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/failure.h"
#include "tests/support/catch.h"

#include <stdexcept>

using namespace pchat;
using sql::Engine;
using sql::find_native_code;

TEST_CASE("failure: each engine's codes mean the same to us", "[failure]") {
    struct Case {
        Engine engine;
        std::string state;
        int number;
        Errc errc;
        bool transient;
        bool lost;
    };
    const auto c = GENERATE(values<Case>({
        {Engine::sqlite, "", 19, Errc::conflict, false, false},
        {Engine::sqlite, "", 26, Errc::bad_file, false, false},
        {Engine::sqlite, "", 8, Errc::denied, false, false},
        {Engine::sqlite, "", 5, Errc::timeout, false, false},
        {Engine::sqlite, "", 13, Errc::io, false, false},
        {Engine::postgresql, "23505", 0, Errc::conflict, false, false},
        {Engine::postgresql, "23502", 0, Errc::invalid, false, false},
        {Engine::postgresql, "22001", 0, Errc::invalid, false, false},
        {Engine::postgresql, "40P01", 0, Errc::timeout, true, false},
        {Engine::postgresql, "55P03", 0, Errc::timeout, false, false},
        {Engine::postgresql, "53100", 0, Errc::io, false, false},
        {Engine::postgresql, "57014", 0, Errc::timeout, false, false},
        {Engine::postgresql, "57P01", 0, Errc::unreachable, false, true},
        {Engine::postgresql, "08006", 0, Errc::unreachable, false, true},
        {Engine::postgresql, "28P01", 0, Errc::denied, false, false},
        {Engine::postgresql, "42501", 0, Errc::denied, false, false},
        {Engine::postgresql, "3D000", 0, Errc::not_found, false, false},
        {Engine::sqlserver, "23000", 2627, Errc::conflict, false, false},
        {Engine::sqlserver, "40001", 1205, Errc::timeout, true, false},
        {Engine::sqlserver, "HYT00", 1222, Errc::timeout, false, false},
        {Engine::sqlserver, "28000", 18456, Errc::denied, false, false},
        {Engine::sqlserver, "08S01", 20009, Errc::unreachable, false, true},
    }));
    INFO(sql::to_string(c.engine) << " " << c.state << " " << c.number);
    const sql::NativeCode* row = find_native_code(c.engine, c.state, c.number);
    REQUIRE(row != nullptr);
    CHECK(row->errc == c.errc);
    CHECK(row->transient == c.transient);
    CHECK(row->lost == c.lost);
}

TEST_CASE("failure: what is not in the table is unknown", "[failure]") {
    CHECK(find_native_code(Engine::sqlite, "", 999) == nullptr);
    CHECK(find_native_code(Engine::postgresql, "XX000", 23505) == nullptr);
    CHECK(find_native_code(Engine::sqlserver, "", 0) == nullptr);
}

TEST_CASE("failure: an unknown one shows what was said, made safe for a terminal", "[failure]") {
    sql::Target target;
    target.database = "/srv/pchat.db";
    sql::Failure failure;
    try {
        throw std::runtime_error("odd \x1b[31m");
    } catch (...) {
        failure = sql::current_failure(target, "insert room");
    }
    CHECK(failure.error.code == Errc::internal);
    CHECK_FALSE(failure.transient);
    CHECK(
        failure.error.message ==
        "insert room failed on sqlite database /srv/pchat.db: odd \\u{1B}[31m"
    );
}
