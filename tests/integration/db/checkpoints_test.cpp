// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/checkpoints.h"
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <filesystem>

using namespace pchat;
using namespace pchat::test;

namespace {

struct Scene {
    TempDir dir;
    sql::Target target;

    Scene() {
        target.database = dir.path() / "content.db";
        target.create = true;
    }
    [[nodiscard]] std::uintmax_t size() const {
        return std::filesystem::file_size(target.database);
    }
};

void write_megabytes(sql::Database& database, int count) {
    for (int i = 0; i < count; ++i)
        REQUIRE_OK(
            run(database, fmt::format("insert into a select {0}, printf('%01000000d', {0})", i))
        );
}

}  // namespace

TEST_CASE(
    "checkpoints: a long journal is folded in by them alone, and nothing is lost", "[sqlite]"
) {
    Scene scene;
    sql::Checkpoints checkpoints{scene.target};
    sql::Database database{scene.target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer, y text)"));
    write_megabytes(database, 10);
    const auto before = scene.size();
    REQUIRE_OK(checkpoints.fold());
    CHECK(scene.size() == before);  // not yet
    write_megabytes(database, 10);
    CHECK(scene.size() == before);
    REQUIRE_OK(checkpoints.fold());
    const auto folded = scene.size();
    CHECK(folded > before + 19'000'000);
    CHECK(scene.target.journal->pages == 0);  // not again before somebody commits
    // The journal begins again, and is short.
    write_megabytes(database, 10);
    REQUIRE_OK(checkpoints.fold());
    CHECK(scene.size() == folded);
    CHECK(number(database, "select count(*) from a") == 30);
}

TEST_CASE("checkpoints: a journal that they leave alone ends all the same", "[sqlite]") {
    Scene scene;
    const sql::Checkpoints checkpoints{scene.target};
    sql::Database database{scene.target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer, y text)"));
    write_megabytes(database, 60);
    const auto before = scene.size();
    write_megabytes(database, 10);
    CHECK(scene.size() > before + 60'000'000);
}

TEST_CASE("checkpoints: without them who commits folds the journal in", "[sqlite]") {
    Scene scene;
    sql::Database database{scene.target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer, y text)"));
    const auto before = scene.size();
    write_megabytes(database, 10);
    CHECK(scene.size() > before + 4'000'000);
}

TEST_CASE("checkpoints: a file that went away is told, and found again", "[sqlite]") {
    Scene scene;
    sql::Checkpoints checkpoints{scene.target};
    scene.target.journal->pages = sql::Checkpoints::long_journal;
    scene.target.create = false;
    REQUIRE_FALSE(checkpoints.fold());
    scene.target.create = true;
    sql::Database database{scene.target.copy()};
    REQUIRE_OK(run(database, "create table a (x integer)"));
    scene.target.journal->pages = sql::Checkpoints::long_journal;
    REQUIRE_OK(checkpoints.fold());
}
