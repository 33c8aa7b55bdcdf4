// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/raw_sqlite.h"
#include "tests/integration/db/command_case.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using sql::Engine;

namespace {

nlohmann::json test_content(CommandCase& pchatctl, int expected) {
    INFO(pchatctl.stderr_text());
    CHECK(pchatctl.content({"test", "-o", "json"}) == expected);
    nlohmann::json rows = nlohmann::json::parse(pchatctl.stdout_text());
    REQUIRE(rows.is_array());
    return rows;
}

std::vector<std::string> failed(const nlohmann::json& rows) {
    std::vector<std::string> out;
    for (const auto& row : rows)
        if (!row.at("ok").get<bool>())
            out.push_back(
                row.at("role").get<std::string>() + ": " + row.at("what").get<std::string>()
            );
    return out;
}

// As the owner of the tables, who may grant.
void as_owner(CommandCase& pchatctl, const std::string& statement) {
    sql::Database database{pchatctl.target()};
    REQUIRE_OK(run(database, statement));
}

}  // namespace

TEST_CASE("db test: what was provisioned passes, and nothing remains", "[db-test]") {
    const Engine engine = GENERATE(from_range(engines()));
    CommandCase pchatctl{engine};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    const nlohmann::json rows = test_content(pchatctl, 0);
    CHECK(failed(rows).empty());
    CHECK(rows.size() == (engine == Engine::sqlite ? 6 : 23));
    CHECK(pchatctl.db({"test"}) == 0);
    sql::Database database{pchatctl.target()};
    CHECK(number(database, "select count(*) from deployment") == 0);
    CHECK_FALSE(run(database, "select * from pchat_probe").has_value());
}

TEST_CASE("db test: a right too many or too few is found", "[db-test]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase pchatctl{Engine::postgresql};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    struct Case {
        std::string statement;  // the login follows
        std::string role;
        std::string found;
    };
    const auto wrong = GENERATE(values<Case>({
        {"grant delete on schema_migration to ", "run", "run: write to schema_migration"},
        {"grant create on schema public to ", "run", "run: create a table"},
        {"revoke update on room from ", "run", "run: update every table"},
        {"grant select on token to ", "reader", "reader: select from tables with secrets"},
        {"grant insert on room to ", "reader", "reader: insert into any table"},
        {"revoke select on room from ",
         "reader",
         "reader: select from every table without secrets"},
    }));
    INFO(wrong.statement);
    as_owner(pchatctl, wrong.statement + pchatctl.login(wrong.role));
    CHECK(failed(test_content(pchatctl, 1)) == std::vector<std::string>{wrong.found});
    CHECK_THAT(pchatctl.stderr_text(), Contains("checks failed"));
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    CHECK(failed(test_content(pchatctl, 0)).empty());
}

TEST_CASE("db test: a login that cannot connect is a row", "[db-test]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase pchatctl{Engine::postgresql};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    pchatctl.session.variables["run"] = pchatctl.login("run") + ":wrong";
    CHECK(failed(test_content(pchatctl, 1)) == std::vector<std::string>{"run: connect"});
    CHECK_THAT(pchatctl.stdout_text(), !Contains("pass of"));
}

TEST_CASE("db test: the settings of a SQLite file are judged", "[db-test]") {
    CommandCase pchatctl{Engine::sqlite};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    std::filesystem::permissions(pchatctl.name(), std::filesystem::perms{0644});
    CHECK(failed(test_content(pchatctl, 1)) == std::vector<std::string>{"file: mode of the file"});
}

TEST_CASE("db test: a SQLite file that left the write-ahead log is found", "[db-test]") {
    CommandCase pchatctl{Engine::sqlite};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    const auto set_journal = [&](const char* pragma) {
        auto other = sql::RawSqlite::open(pchatctl.name(), SQLITE_OPEN_READWRITE, 0);
        REQUIRE_OK(other);
        REQUIRE_OK(other->run("switching", pragma));
    };
    set_journal("pragma journal_mode = delete");
    // Bytes 18 and 19 of a file say which journal it has; 1 is the old one.
    const auto journal = [&] { return static_cast<int>(read_file(pchatctl.name()).at(18)); };
    REQUIRE(journal() == 1);
    CHECK(pchatctl.content({"status"}) == 0);
    CHECK(pchatctl.content({"plan", "--exit-code"}) == 8);
    CHECK_THAT(pchatctl.stdout_text(), Contains("to the write-ahead log"));
    CHECK(failed(test_content(pchatctl, 1)) == std::vector<std::string>{"file: write-ahead log"});
    CHECK(journal() == 1);
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    CHECK(journal() == 2);
    CHECK(failed(test_content(pchatctl, 0)).empty());
}

TEST_CASE("db test: root sees that the service cannot open a file of root", "[db-test]") {
    if (::geteuid() != 0) {
        WARN("only root can give files away: not tested");
        return;
    }
    CommandCase pchatctl{Engine::sqlite};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    REQUIRE(::chown(pchatctl.path("a").c_str(), 1234, 2345) == 0);
    CHECK(
        failed(test_content(pchatctl, 1)) == std::vector<std::string>{"file: owner of the files"}
    );
    CHECK_THAT(pchatctl.stdout_text(), Contains("root"));
    REQUIRE(::chown(pchatctl.name().c_str(), 1234, 2345) == 0);
    CHECK(failed(test_content(pchatctl, 0)).empty());
}

TEST_CASE("db test: without a database it says how to get one", "[db-test]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    CHECK(pchatctl.db({"test"}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("db provision"));
}

TEST_CASE("db test: --dry-run prints what would be tried", "[db-test]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    CHECK(pchatctl.content({"test", "--dry-run"}) == 0);
    if (pchatctl.engine() == Engine::sqlite)
        CHECK_THAT(pchatctl.stdout_text(), Contains("pragma synchronous;"));
    else
        CHECK_THAT(
            pchatctl.stdout_text(),
            Contains("DELETE FROM \"schema_migration\" WHERE 1 = 0;") && Contains("is denied")
        );
}
