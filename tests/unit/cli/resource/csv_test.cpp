// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/csv.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;
using cli::CsvRow;
using cli::read_csv;

namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> rows(std::string_view text) {
    auto read = read_csv("people.csv", text);
    REQUIRE_OK(read);
    return std::move(*read);
}

}  // namespace

TEST_CASE("csv: cells between commas, rows between line ends", "[csv]") {
    const auto read = rows("a,b\r\n1,\n\n,2");
    REQUIRE(read.size() == 3);
    CHECK(read[0].cells == Cells{"a", "b"});
    CHECK(read[1].cells == Cells{"1", ""});
    CHECK(read[2].cells == Cells{"", "2"});
    CHECK(read[2].line == 4);
    CHECK(rows("").empty());
    CHECK(rows("\n\r\n").empty());
    CHECK(rows("\xEF\xBB\xBFuser\n")[0].cells == Cells{"user"});
}

TEST_CASE("csv: quotes hold commas, quotes and line ends", "[csv]") {
    const auto read = rows("\"a,\"\"b\"\"\",\"two\nlines\"\nnext,\"\"\n");
    REQUIRE(read.size() == 2);
    CHECK(read[0].cells == Cells{"a,\"b\"", "two\nlines"});
    CHECK(read[1].line == 3);
    CHECK(read[1].cells == Cells{"next", ""});
    CHECK(rows("a \"b\" c")[0].cells == Cells{"a \"b\" c"});
}

TEST_CASE("csv: a broken quote is named with its line", "[csv]") {
    REQUIRE_ERR(read_csv("people.csv", "a\n\"b\nc"), Errc::bad_file, "people.csv:2: a quote");
    REQUIRE_ERR(read_csv("people.csv", "a\n\"b\"c\n"), Errc::bad_file, "people.csv:2: text goes");
}
