// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/checkpoints.h"
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <filesystem>

using namespace pchat;
using namespace pchat::test;

TEST_CASE("checkpoints: only they fold the journal in, and nothing is lost", "[sqlite]") {
    const TempDir dir;
    sql::Target target;
    target.database = dir.path() / "content.db";
    target.create = true;
    const auto size = [&] { return std::filesystem::file_size(target.database); };
    const bool left_to_them = GENERATE(true, false);
    INFO(left_to_them);
    target.checkpointed = left_to_them;
    sql::Database database{target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer, y text)"));
    sql::Checkpoints checkpoints{target};
    REQUIRE_OK(checkpoints.fold());
    const auto empty = size();
    // 6 MB, above what a commit folds in by itself usually.
    for (int i = 0; i < 60; ++i)
        REQUIRE_OK(
            run(database,
                "insert into a select value, printf('%0100000d', value) from "
                "(select " +
                    std::to_string(i) + " as value)")
        );
    CHECK((size() == empty) == left_to_them);
    REQUIRE_OK(checkpoints.fold());
    CHECK(size() > empty + 5'000'000);
    CHECK(number(database, "select count(*) from a") == 60);
    REQUIRE_OK(checkpoints.fold());  // with nothing to do
}

TEST_CASE("checkpoints: a file that went away is told, and found again", "[sqlite]") {
    const TempDir dir;
    sql::Target target;
    target.database = dir.path() / "content.db";
    sql::Checkpoints checkpoints{target};
    REQUIRE_FALSE(checkpoints.fold());
    target.create = true;
    sql::Database database{target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer)"));
    REQUIRE_OK(checkpoints.fold());
}
