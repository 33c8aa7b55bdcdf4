// SPDX-License-Identifier: Apache-2.0
// The faults once more, as pchatctl tells them: exit code, the line to read, and the way out.
#include "tests/integration/db/command_case.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/odd_port.h"
#include "tests/support/postgres.h"
#include "tests/support/skip.h"
#include "tests/support/small_disk.h"
#include "tests/support/sqlite_holder.h"

#include <fmt/format.h>

#include <fstream>

using namespace pchat;
using namespace pchat::test;
using sql::Engine;

namespace {

// Changes the topology of a case.
void replace_in_topology(
    const CommandCase& command, const std::string& from, const std::string& to
) {
    std::string text = read_file(command.path("topology.yaml"));
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream{command.path("topology.yaml")} << text;
}

// Each part is in what was said, a hint among it, and no password is.
void check_said(const CommandCase& command, const std::vector<std::string>& parts) {
    const std::string text = command.stderr_text();
    for (const std::string& part : parts)
        CHECK_THAT(text, Catch::Contains(part));
    CHECK_THAT(text, Catch::Contains("hint: "));
    for (const auto& [name, value] : command.session.variables) {
        const std::size_t colon = value.find(':');
        if (name != "PATH")
            CHECK_THAT(text + command.stdout_text(), !Catch::Contains(value.substr(colon + 1)));
    }
}

std::string port_in(const CommandCase& command) {
    return fmt::format("port: {}", command.target().port);
}

std::string server_in(const CommandCase& command) {
    return fmt::format("on 127.0.0.1:{} as 'postgres'", command.target().port);
}

}  // namespace

TEST_CASE("db faults: no server, or not the right one", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase command{Engine::postgresql};
    const OddPort port{GENERATE(OddPort::Manner::refuses, OddPort::Manner::other)};
    replace_in_topology(command, port_in(command), fmt::format("port: {}", port.number()));
    CHECK(command.content({"plan", "-v"}) == 1);
    const std::string place = fmt::format("on 127.0.0.1:{} as 'postgres': ", port.number());
    check_said(command, {"pchatctl: db plan: connecting failed on postgresql database", place});
    CHECK(command.content({"migrate"}) == 1);
    check_said(command, {fmt::format("{}' {}", command.name(), "on 127.0.0.1:")});
    CHECK(command.content({"status"}) == 1);
    check_said(command, {fmt::format("{}' {}", command.name(), "on 127.0.0.1:")});
    CHECK_THAT(command.stdout_text(), Catch::Contains("unreachable"));
}

TEST_CASE("db faults: FreeTDS reaches no SQL Server", "[fault]") {
    if (Postgres::shared() == nullptr || !has_freetds())
        return;
    CommandCase command{Engine::postgresql};
    const OddPort port{OddPort::Manner::refuses};
    replace_in_topology(command, port_in(command), fmt::format("port: {}", port.number()));
    replace_in_topology(
        command,
        "engine: postgresql, server: 127.0.0.1",
        "engine: sqlserver, edition: standard, server: 127.0.0.1"
    );
    replace_in_topology(command, "version: \"15\"", "version: \"2012\"");
    CHECK(command.content({"plan", "-v"}) == 1);
    check_said(
        command,
        {fmt::format(
            "sqlserver database 'master' on 127.0.0.1:{} as 'postgres': the server cannot be "
            "reached",
            port.number()
        )}
    );
}

TEST_CASE("db faults: TLS, driver and login", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase command{Engine::postgresql};
    const std::string server = "server: 127.0.0.1";
    SECTION("no TLS") {
        replace_in_topology(command, server, server + ", tls: {mode: require}");
        CHECK(command.content({"plan", "-v"}) == 1);
        check_said(command, {server_in(command) + ": the server offers no TLS"});
    }
    SECTION("no driver") {
        replace_in_topology(command, server, server + ", driver: \"No Such Driver\"");
        CHECK(command.content({"plan", "-v"}) == 1);
        check_said(
            command, {server_in(command) + ": the ODBC driver is not installed: No Such Driver"}
        );
    }
    SECTION("wrong password") {
        command.session.variables["PROVISION"] = "postgres:" + test_password;
        CHECK(command.content({"plan", "-v"}) == 4);
        check_said(command, {server_in(command) + ": the server refused the login"});
    }
    SECTION("database missing") {
        CHECK(command.content({"migrate", "-v"}) == 4);  // so is its login: that comes first
        check_said(command, {command.login("owner") + "': the server refused the login"});
        command.session.variables["owner"] = command.session.variables["PROVISION"];
        CHECK(command.content({"migrate", "-v"}) == 1);
        check_said(command, {command.name() + "'", "the database does not exist", "db provision"});
    }
}

TEST_CASE("db faults: a login that may not create databases", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const std::string weak = fresh_name("weak");
    sql::Database server{Postgres::shared()->superuser("postgres")};
    REQUIRE_OK(run(server, "create role " + weak + " login password 'hunter2;}x'"));
    {
        CommandCase command{Engine::postgresql};
        command.session.variables["PROVISION"] = weak + ":" + test_password;
        CHECK(command.content({"provision", "--yes", "-v"}) == 4);
        check_said(command, {"as '" + weak + "': the login lacks a permission"});
    }
    REQUIRE_OK(run(server, "drop role " + weak));
}

TEST_CASE("db faults: a server that forgets", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    CommandCase command{Engine::postgresql};
    REQUIRE(command.content({"provision", "--yes"}) == 0);
    sql::Database server{Postgres::shared()->superuser("postgres")};
    REQUIRE_OK(run(server, "alter database " + command.name() + " set synchronous_commit = off"));
    const std::string said = "synchronous_commit is off for postgresql database '" + command.name();
    for (const std::string verb : {"plan", "provision", "migrate", "status"}) {
        INFO(verb);
        CHECK(command.content({verb}) == 1);
        check_said(command, {said, "reset synchronous_commit"});
    }
    CHECK_THAT(command.stdout_text(), Catch::Contains("forgets"));
}

TEST_CASE("db faults: SQLite's disk is full", "[fault]") {
    const SmallDisk disk{1024};
    if (!disk.mounted()) {
        skip("this user may not mount a file system");
        return;
    }
    CommandCase command{Engine::sqlite};
    const std::string path = fmt::format("path: {}/a", command.path("").parent_path().string());
    replace_in_topology(command, path, "path: " + disk.path().string());
    const std::filesystem::path filler = disk.fill();
    CHECK(command.content({"provision", "--yes"}) == 1);
    check_said(command, {disk.path().string() + "/content.db: the disk is full"});
    std::filesystem::remove(filler);
    CHECK(command.content({"provision", "--yes"}) == 0);
}

TEST_CASE("db faults: SQLite's file is held, or is none", "[fault]") {
    CommandCase command{Engine::sqlite};
    REQUIRE(command.content({"provision", "--yes"}) == 0);
    SECTION("held") {
        const SqliteHolder holder{command.name()};
        CHECK(command.content({"migrate"}) == 1);  // after ten seconds
        check_said(command, {command.name() + ": another process holds the database"});
    }
    SECTION("none") {
        std::ofstream{command.name()} << std::string(4096, 'x');
        CHECK(command.content({"migrate"}) == 3);
        check_said(command, {command.name() + ": the file is no SQLite database"});
    }
}
