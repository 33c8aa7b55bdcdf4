// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/odbc_batch.h"
#include "tests/support/catch.h"

#include <stdexcept>

using namespace pchat;

namespace {

// A driver that gives these results in turn; counts how often rows were taken.
struct Script {
    std::vector<SQLRETURN> results;
    std::size_t next = 0;
    int taken = 0;

    void run() {
        const auto answer = [this] { return results.at(next++); };
        sql::read_to_end(
            {answer, answer, [this] { ++taken; }, [] { throw std::runtime_error("refused"); }}
        );
    }
};

}  // namespace

TEST_CASE("odbc batch: all results are read, to the last", "[odbc]") {
    Script script{{SQL_SUCCESS, SQL_SUCCESS_WITH_INFO, SQL_SUCCESS, SQL_NO_DATA}};
    script.run();
    CHECK(script.next == 4);
    CHECK(script.taken == 3);
}

TEST_CASE("odbc batch: an error that comes later is an error", "[odbc]") {
    Script script{{SQL_SUCCESS, SQL_SUCCESS_WITH_INFO, SQL_ERROR, SQL_NO_DATA}};
    CHECK_THROWS_WITH(script.run(), "refused");
    CHECK(script.taken == 2);
    Script first{{SQL_ERROR}};
    CHECK_THROWS_WITH(first.run(), "refused");
}

TEST_CASE("odbc batch: a first statement that changes no row is not the end", "[odbc]") {
    Script script{{SQL_NO_DATA, SQL_SUCCESS, SQL_NO_DATA}};
    script.run();
    CHECK(script.next == 3);
    Script late{{SQL_NO_DATA, SQL_ERROR}};
    CHECK_THROWS_WITH(late.run(), "refused");
}
