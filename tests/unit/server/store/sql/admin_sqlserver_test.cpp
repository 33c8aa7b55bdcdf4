// SPDX-License-Identifier: Apache-2.0
// What backup, restore and uninstall run on a SQL Server, compared as whole text.
#include "generated/folders.h"
#include "server/store/sql/backup.h"
#include "server/store/sql/probe_checks.h"
#include "server/store/sql/uninstall.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

#include <fmt/format.h>

using namespace pchat;

namespace {

sql::Wanted wanted() {
    sql::Wanted out;
    out.target.engine = sql::Engine::sqlserver;
    out.target.database = "pchat]o'";
    out.logins.provision = {"sa", Secret{"secret"}};
    out.logins.owner = sql::Login{"owner", Secret{"secret"}};
    out.logins.run = sql::Login{"CONTOSO]run'", Secret{"secret"}};
    out.logins.reader = sql::Login{"reader", Secret{"secret"}};
    return out;
}

std::string batches(const std::vector<std::string>& statements) {
    std::string out;
    for (const std::string& statement : statements)
        out += statement + "\nGO\n";
    return out;
}

std::string steps(const std::vector<sql::ProvisionStep>& all) {
    std::string out;
    for (const sql::ProvisionStep& step : all)
        out += fmt::format("-- {} (in {})\n{}", step.what, step.database, batches(step.run));
    return out;
}

void check(const std::string& name, const std::string& script) {
    CHECK_THAT(script, !Catch::Contains("secret;"));
    test::check_golden(
        fmt::format("{}/tests/data/provision/sqlserver-{}.sql", PCHAT_SOURCE_DIR, name), script
    );
}

}  // namespace

TEST_CASE("backup sqlserver: the statements are these", "[backup]") {
    const sql::Wanted database = wanted();
    const std::string file = R"(D:\backups\o'hara.bak)";
    check(
        "backup",
        "-- backup\n" + batches(sql::sqlserver_backup(database, file, sql::Overwrite::no)) +
            "-- backup with --force\n" +
            batches(sql::sqlserver_backup(database, file, sql::Overwrite::yes)) + "-- restore\n" +
            batches(sql::sqlserver_restore(
                database, file, {{"pchat", R"(D:\data\o'hara.mdf)"}}, 1'795'000'000'000'000
            ))
    );
}

TEST_CASE("uninstall sqlserver: the statements are these", "[uninstall]") {
    check(
        "uninstall",
        "-- drop\n" + steps(sql::sqlserver_uninstall(wanted(), sql::Fate::drop)) + "-- detach\n" +
            steps(sql::sqlserver_uninstall(wanted(), sql::Fate::detach))
    );
}

TEST_CASE("probe sqlserver: the statements are these", "[probe]") {
    const sql::Wanted database = wanted();
    std::string script;
    for (const sql::ProbeCheck& check : sql::login_checks(
             database, {{"room", "id"}, {"schema_migration", "version"}, {"token", "id"}}
         ))
        script += fmt::format(
            "-- {} '{}': {} is {}\n{}",
            check.role,
            check.user,
            check.what,
            check.allowed ? "allowed" : "denied",
            batches(check.statements)
        );
    check("probe", script);
}
