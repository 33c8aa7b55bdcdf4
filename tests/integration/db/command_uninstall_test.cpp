// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/command_case.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using sql::Engine;
using sql::Purpose;

namespace {

int roles_of(const CommandCase& pchatctl) {
    sql::Database server{Postgres::shared()->superuser("postgres")};
    return number(
        server,
        fmt::format(
            "select count(*) from pg_catalog.pg_roles where rolname in ('{}', '{}', '{}')",
            pchatctl.login("owner"),
            pchatctl.login("run"),
            pchatctl.login("reader")
        )
    );
}

}  // namespace

TEST_CASE("db uninstall: --yes is not enough, and a wrong name neither", "[db-uninstall]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    pchatctl.add_event(1);
    CHECK(pchatctl.content({"uninstall", "--yes"}) == 2);
    CHECK_THAT(pchatctl.stdout_text(), Contains("which holds 1 compliance_outbox"));
    CHECK_THAT(pchatctl.stderr_text(), Contains("--confirm-name '" + pchatctl.name() + "'"));
    CHECK(pchatctl.content({"uninstall", "--confirm-name", "content"}) == 2);
    CHECK(pchatctl.events() == 1);
}

TEST_CASE("db uninstall: the name that is typed counts", "[db-uninstall]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    pchatctl.session.terminal.in_is_tty = true;
    pchatctl.session.terminal.err_is_tty = true;
    pchatctl.session.in.str("something else\n");
    CHECK(pchatctl.content({"uninstall"}) == 130);
    CHECK(pchatctl.events() == 0);
    pchatctl.session.in.clear();
    pchatctl.session.in.str(pchatctl.name() + "\n");
    CHECK(pchatctl.content({"uninstall"}) == 0);
    CHECK(pchatctl.content({"uninstall"}) == 0);
    CHECK_THAT(pchatctl.stdout_text(), Contains("no changes"));
}

TEST_CASE("db uninstall: both databases and all logins go", "[db-uninstall]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    const std::vector<std::string> all{
        "uninstall",
        "--confirm-name",
        pchatctl.name(),
        "--confirm-name",
        pchatctl.name(Purpose::compliance)};
    CHECK(pchatctl.db(all) == 0);
    if (pchatctl.engine() == Engine::sqlite) {
        CHECK(names_in(pchatctl.path("a")).empty());
        CHECK(names_in(pchatctl.path("b")).empty());
    } else {
        CHECK(roles_of(pchatctl) == 0);
    }
    CHECK(pchatctl.db(all) == 0);
    CHECK_THAT(pchatctl.stdout_text(), Contains("content of pc.localhost.example: no changes"));
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
}

TEST_CASE("db uninstall: a login that the other database uses stays", "[db-uninstall]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase pchatctl{Engine::postgresql};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    CHECK(pchatctl.content({"uninstall", "--confirm-name", pchatctl.name()}) == 0);
    CHECK_THAT(pchatctl.stdout_text(), Contains("stays: something else belongs to it"));
    CHECK(roles_of(pchatctl) == 3);
    CHECK(pchatctl.db({"test", "--database", "compliance"}) == 0);
}

TEST_CASE("db uninstall: refuses while somebody uses the database", "[db-uninstall]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    pchatctl.add_event(1);
    const sql::Target target = pchatctl.target();
    {
        const auto other = sql::Session::open(target);
        REQUIRE_OK(other);
        int rows = 0;
        (*other)->raw() << "select count(*) from compliance_outbox", soci::into(rows);
        CHECK(pchatctl.content({"uninstall", "--confirm-name", pchatctl.name()}) == 1);
        CHECK_THAT(pchatctl.stderr_text(), Contains("hint: stop the server"));
    }
    CHECK(pchatctl.events() == 1);
}

TEST_CASE(
    "db uninstall: --detach keeps a file, and PostgreSQL has no such thing", "[db-uninstall]"
) {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    if (pchatctl.engine() == Engine::sqlite) {
        CHECK(pchatctl.content({"uninstall", "--detach"}) == 0);
        CHECK_THAT(pchatctl.stdout_text(), Contains("stays where it is"));
    } else {
        CHECK(pchatctl.content({"uninstall", "--detach"}) == 2);
        CHECK_THAT(pchatctl.stderr_text(), Contains("pchatctl db backup"));
    }
    CHECK(pchatctl.events() == 0);
}

TEST_CASE("db uninstall: --dry-run changes nothing", "[db-uninstall]") {
    CommandCase pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    CHECK(pchatctl.content({"uninstall", "--dry-run", "--confirm-name", pchatctl.name()}) == 0);
    if (pchatctl.engine() == Engine::postgresql)
        CHECK_THAT(
            pchatctl.stdout_text(), Contains("DROP DATABASE IF EXISTS \"" + pchatctl.name() + "\";")
        );
    CHECK(pchatctl.events() == 0);
}

TEST_CASE("db uninstall: a link goes with the file that it leads to", "[db-uninstall]") {
    CommandCase pchatctl{Engine::sqlite};
    REQUIRE(pchatctl.db({"provision", "--yes"}) == 0);
    std::filesystem::create_directory(pchatctl.path("disk"));
    std::filesystem::rename(pchatctl.name(), pchatctl.path("disk/real.db"));
    std::filesystem::create_symlink(pchatctl.path("disk/real.db"), pchatctl.name());
    CHECK(pchatctl.content({"uninstall", "--confirm-name", pchatctl.name()}) == 0);
    CHECK_THAT(pchatctl.stdout_text(), Contains("disk/real.db and the link "));
    CHECK(names_in(pchatctl.path("disk")).empty());
    CHECK(names_in(pchatctl.path("a")).empty());
}
