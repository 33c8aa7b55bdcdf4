// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/checkpoints.h"
#include "server/store/sql/raw_sqlite.h"
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/skip.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::test;

namespace {

/// How many pages of a part of a file are in memory; it is left as it was.
std::size_t in_memory(const std::string& file, std::int64_t from, std::int64_t length) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(handle >= 0);
    const auto size = static_cast<std::size_t>(length);
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, handle, from);
    ::close(handle);
    REQUIRE(mapped != MAP_FAILED);
    std::vector<unsigned char> pages(size / 4'096);
    const int told = ::mincore(mapped, size, pages.data());
    ::munmap(mapped, size);
    REQUIRE(told == 0);
    return static_cast<std::size_t>(
        std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return page & 1U; })
    );
}

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
    [[nodiscard]] std::uintmax_t journal_size() const {
        return std::filesystem::file_size(target.database + "-wal");
    }
};

void write_megabytes(sql::Database& database, int count) {
    for (int i = 0; i < count; ++i)
        REQUIRE_OK(
            run(database, fmt::format("insert into a select {0}, printf('%01000000d', {0})", i))
        );
}

/// One with them, and a table.
struct Folded : Scene {
    sql::Checkpoints checkpoints{target};
    sql::Database database{target.copy()};

    Folded() { REQUIRE_OK(run(database, "create table a (x integer, y text)")); }
};

}  // namespace

TEST_CASE(
    "checkpoints: a long journal is folded in by them alone, and nothing is lost", "[sqlite]"
) {
    Folded scene;
    write_megabytes(scene.database, 10);
    const auto before = scene.size();
    REQUIRE_OK(scene.checkpoints.fold());
    CHECK(scene.size() == before);  // not yet
    write_megabytes(scene.database, 10);
    CHECK(scene.size() == before);
    REQUIRE_OK(scene.checkpoints.fold());
    const auto folded = scene.size();
    CHECK(folded > before + 19'000'000);
    CHECK(scene.target.journal->pages == 0);  // not again before somebody commits
    // The journal begins again, and is short.
    write_megabytes(scene.database, 10);
    REQUIRE_OK(scene.checkpoints.fold());
    CHECK(scene.size() == folded);
    CHECK(number(scene.database, "select count(*) from a") == 30);
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

TEST_CASE("checkpoints: a journal with room does not grow, and nothing in it is lost", "[sqlite]") {
    Folded scene;
    write_megabytes(scene.database, 2);
    const auto before = scene.journal_size();
    REQUIRE_OK(scene.checkpoints.make_room());
    const auto roomy = scene.journal_size();
    CHECK(roomy > before + 10'000'000);
    write_megabytes(scene.database, 12);
    CHECK(scene.journal_size() == roomy);
    REQUIRE_OK(scene.checkpoints.make_room());
    CHECK(scene.journal_size() == roomy);
    CHECK(number(scene.database, "select count(*) from a") == 14);
    // As a crash leaves it: what was committed is read out of the journal, the room behind it not.
    sql::Target left = scene.target.copy();
    left.database = scene.dir.path() / "left.db";
    for (const char* end : {"", "-wal"})
        std::filesystem::copy_file(scene.target.database + end, left.database + end);
    sql::Database found{std::move(left)};
    CHECK(number(found, "select count(*) from a") == 14);
    CHECK(number(found, "select sum(length(y)) from a") == 14'000'000);
}

TEST_CASE("checkpoints: what is written next is read into memory before", "[sqlite]") {
    constexpr std::int64_t page = 4'096;
    constexpr auto pages = static_cast<std::size_t>(sql::Checkpoints::ahead / page);
    Folded scene;
    REQUIRE_OK(scene.checkpoints.make_room());
    write_megabytes(scene.database, 2);
    const std::string log = scene.target.database + "-wal";
    const auto forget = [&] {
        const int handle = ::open(log.c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(handle >= 0);
        REQUIRE(::fsync(handle) == 0);
        REQUIRE(::posix_fadvise(handle, 0, 0, POSIX_FADV_DONTNEED) == 0);
        ::close(handle);
    };
    const auto next = static_cast<std::int64_t>(scene.target.journal->pages) * 4'120 / page * page;
    forget();
    if (in_memory(log, next, sql::Checkpoints::ahead) == pages)
        return skip("the temporary directory is not on a disk, whose pages can leave the memory");
    scene.checkpoints.read_ahead();
    CHECK(in_memory(log, next, sql::Checkpoints::ahead) == pages);
    // What comes next when all is folded in.
    scene.target.journal->pages = sql::Checkpoints::long_journal;
    REQUIRE_OK(scene.checkpoints.fold());
    forget();
    scene.checkpoints.read_ahead();
    CHECK(in_memory(log, 0, sql::Checkpoints::ahead) == pages);
    CHECK(number(scene.database, "select count(*) from a") == 2);
}

TEST_CASE("checkpoints: no room is made while somebody writes the journal", "[sqlite]") {
    Folded scene;
    auto writer = sql::RawSqlite::open(scene.target.database, SQLITE_OPEN_READWRITE, 0);
    REQUIRE_OK(writer);
    REQUIRE_OK(writer->run("writing", "begin immediate"));
    const auto before = scene.journal_size();
    CHECK_FALSE(scene.checkpoints.make_room());
    CHECK(scene.journal_size() == before);
    REQUIRE_OK(writer->run("writing", "rollback"));
    REQUIRE_OK(scene.checkpoints.make_room());
    CHECK(scene.journal_size() > before);
}

TEST_CASE("checkpoints: what the disk has no room for is given back", "[sqlite]") {
    Folded scene;
    const auto before = scene.journal_size();
    rlimit usual{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
    const rlimit small{4'000'000, usual.rlim_max};
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const Result<void> refused = scene.checkpoints.make_room();
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &usual) == 0);
    std::signal(SIGXFSZ, handler);
    CHECK_FALSE(refused);
    CHECK(scene.journal_size() == before);
    write_megabytes(scene.database, 6);
    CHECK(number(scene.database, "select count(*) from a") == 6);
}
