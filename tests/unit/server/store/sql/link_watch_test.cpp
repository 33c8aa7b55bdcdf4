// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/link_watch.h"
#include "tests/support/catch.h"

#include <list>
#include <set>

using namespace pchat;
using namespace std::chrono_literals;

TEST_CASE("link watch: no two sessions have one mark, nor another socket", "[database]") {
    std::list<sql::LinkWatch> watches;
    std::set<std::int64_t> marks;
    for (int i = 0; i < 1'100; ++i) {
        const sql::LinkWatch& watch = watches.emplace_back(i % 2 == 0 ? 10s : 10'001ms);
        marks.insert(watch.mark().count());
        // Sockets that are no links to a database have even ones.
        REQUIRE(watch.mark().count() % 2 == 1);
        REQUIRE(watch.mark() > 10s);
    }
    CHECK(marks.size() == watches.size());
}
