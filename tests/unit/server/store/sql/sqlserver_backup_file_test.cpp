// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/sqlserver_backup_file.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;
using sql::Purpose;

namespace {

const std::string file = R"(D:\one.bak)";

sql::ServerBackup a_backup(const std::string& description) {
    sql::ServerBackup out;
    out.sets = {{"1", description}};
    out.files = {{"pchat", false}, {"pchat_log", true}};
    out.live = {{R"(D:\live.mdf)", false}, {R"(L:\live.ldf)", true}};
    return out;
}

}  // namespace

TEST_CASE("sqlserver backup: what pchatctl took goes to the live files", "[backup]") {
    sql::ServerBackup found = a_backup(sql::backup_description(Purpose::content) + "1");
    found.files.push_back({"more", false});
    found.live.insert(found.live.begin(), {R"(D:\first.ndf)", false});
    const auto moves = sql::judge_backup(file, found, Purpose::content);
    REQUIRE_OK(moves);
    REQUIRE(moves->size() == 3);
    CHECK(moves->at(0).logical_name == "pchat");
    CHECK(moves->at(0).path == R"(D:\first.ndf)");
    CHECK(moves->at(1).logical_name == "more");
    CHECK(moves->at(1).path == R"(D:\live.mdf)");
    CHECK(moves->at(2).logical_name == "pchat_log");
    CHECK(moves->at(2).path == R"(L:\live.ldf)");
}

TEST_CASE(
    "sqlserver backup: what does not fit is refused before anything is replaced", "[backup]"
) {
    const auto judge = [](const sql::ServerBackup& found) {
        return sql::judge_backup(file, found, Purpose::content);
    };
    REQUIRE_ERR(
        judge(a_backup("pchat-backup/v1 compliance schema 1")),
        Errc::conflict,
        "holds a compliance database, not a content one"
    );
    REQUIRE_ERR(
        judge(a_backup("pchat-backup/v1 content schema 99")),
        Errc::conflict,
        "has schema version 99, this program knows"
    );
    for (const char* other :
         {"",
          "nightly",
          "pchat-backup/v2 content schema 1",
          "pchat-backup/v1 content schema ",
          "pchat-backup/v1 content schema 1 or so"}) {
        INFO(other);
        REQUIRE_ERR(judge(a_backup(other)), Errc::bad_file, "no backup that pchatctl took");
    }
    sql::ServerBackup found = a_backup("pchat-backup/v1 content schema 1");
    SECTION("two backups in one file") {
        found.sets.push_back(found.sets.front());
        REQUIRE_ERR(judge(found), Errc::bad_file, "it holds 2 backups");
    }
    SECTION("a differential one") {
        found.sets.front().type = "5";
        REQUIRE_ERR(judge(found), Errc::bad_file, "not a full backup");
    }
    SECTION("more files than there are places") {
        found.files.push_back({"second_log", true});
        REQUIRE_ERR(judge(found), Errc::conflict, "no place for 'second_log'");
    }
}

TEST_CASE("sqlserver backup: the other database of the two is not replaced", "[backup]") {
    sql::Target live;
    live.engine = sql::Engine::sqlserver;
    live.database = "pchat";
    const auto applied = [](Purpose purpose) {
        const sql::Step step = sql::built_in_steps(sql::Engine::sqlserver, purpose).front();
        return std::vector<sql::AppliedStep>{{step.version, step.name, step.sha256, 0}};
    };
    REQUIRE_ERR(
        sql::judge_live(live, applied(Purpose::compliance), Purpose::content),
        Errc::conflict,
        "is a compliance database, not a content one"
    );
    REQUIRE_OK(sql::judge_live(live, applied(Purpose::content), Purpose::content));
    REQUIRE_OK(sql::judge_live(live, {}, Purpose::content));
}
