// SPDX-License-Identifier: Apache-2.0
// A disk that is full: said as such, nothing half written, and all is well once there is room.
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/skip.h"
#include "tests/support/small_disk.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace pchat;
using namespace pchat::test;
using sql::Session;
namespace fs = std::filesystem;

namespace {

constexpr int disk_kibibytes = 4096;
constexpr int most_rows = 1000;  // of 16 KiB: more than fits

bool is_mounted(const SmallDisk& disk) {
    if (!disk.mounted())
        skip("this user may not mount a file system");
    return disk.mounted();
}

// Room that a test gives back later.
fs::path make_reserve(const SmallDisk& disk) {
    fs::path file = disk.path() / "reserve";
    std::ofstream{file} << std::string(512 * 1024, 'x');
    return file;
}

// Each row in two statements of one transaction. The error of the first that does not fit.
Error fill_table(sql::Database& database, int& committed) {
    for (committed = 0; committed < most_rows; ++committed) {
        const Result<void> written =
            database.write("insert", [&](Session& session) -> Result<void> {
                session.raw() << fmt::format("insert into a values ({}, '')", committed);
                session.raw() << fmt::format(
                    "update a set text = '{}' where id = {}", std::string(16 * 1024, 'x'), committed
                );
                return {};
            });
        if (!written)
            return written.error();
    }
    FAIL("the disk is never full");
    return {};
}

sql::Target sqlite(const fs::path& file) {
    sql::Target out;
    out.database = file.string();
    out.create = true;
    return out;
}

}  // namespace

TEST_CASE("disk faults: SQLite on a full disk", "[fault]") {
    const SmallDisk disk{disk_kibibytes};
    if (!is_mounted(disk))
        return;
    const fs::path reserve = make_reserve(disk);
    sql::Database database{sqlite(disk.path() / "content.db")};
    REQUIRE_OK(run(database, "create table a (id integer, text text)"));
    int committed = 0;
    check_error(fill_table(database, committed), database.target(), Errc::io, "the disk is full");
    CHECK(number(database, "select count(*) from a") == committed);
    fs::remove(reserve);
    REQUIRE_OK(run(database, "insert into a values (1, 'again')"));
}

TEST_CASE("disk faults: SQLite cannot even begin on a full disk", "[fault]") {
    const SmallDisk disk{disk_kibibytes};
    if (!is_mounted(disk))
        return;
    const fs::path filler = disk.fill();
    sql::Wanted wanted;
    wanted.target = sqlite(disk.path() / "content.db");
    wanted.target.create = false;
    const SystemClock clock;
    const Result<std::vector<std::string>> failed = sql::provision(wanted, clock);
    REQUIRE_FALSE(failed);
    check_error(failed.error(), wanted.target, Errc::io, "the disk is full");
    fs::remove(filler);
    REQUIRE_OK(sql::provision(wanted, clock));
}

TEST_CASE("disk faults: PostgreSQL with a full tablespace", "[fault]") {
    const SmallDisk disk{disk_kibibytes};
    if (!is_mounted(disk))
        return;
    Postgres* server = Postgres::shared();
    if (server == nullptr)
        return;
    server->stop();
    server->start();  // so that it sees the disk
    sql::Database super{server->superuser("postgres")};
    const fs::path place = disk.path() / "space";
    fs::create_directory(place);
    const fs::path reserve = make_reserve(disk);
    struct stat owner {};
    REQUIRE(::stat(server->data().c_str(), &owner) == 0);
    REQUIRE(::chown(place.c_str(), owner.st_uid, owner.st_gid) == 0);
    const auto alone = [&](const std::string& statement) {
        return super.outside_transaction("prepare", [&](Session& session) -> Result<void> {
            session.raw() << statement;
            return {};
        });
    };
    REQUIRE_OK(alone("create tablespace small location '" + place.string() + "'"));
    {
        const EmptyDatabase empty{sql::Engine::postgresql};
        sql::Database database{empty.target()};
        REQUIRE_OK(run(database, "create table a (id integer, text text) tablespace small"));
        REQUIRE_OK(run(database, "alter table a alter text set storage external"));
        int committed = 0;
        check_error(
            fill_table(database, committed),
            database.target(),
            Errc::io,
            "the server's disk is full"
        );
        CHECK(number(database, "select count(*) from a") == committed);
        fs::remove(reserve);
        REQUIRE_OK(run(database, "insert into a values (1, 'again')"));
    }
    REQUIRE_OK(alone("drop tablespace small"));
}
