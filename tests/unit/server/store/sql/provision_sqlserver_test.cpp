// SPDX-License-Identifier: Apache-2.0
// SQL Server cannot be run everywhere, so the whole text that would be is compared.
#include "generated/folders.h"
#include "server/store/sql/provision_sqlserver.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"

#include <fmt/format.h>

using namespace pchat;
using sql::Purpose;

namespace {

sql::Login login(const std::string& user) {
    return {user, Secret{"secret of " + user}};
}

std::string script_of(Purpose purpose) {
    sql::Wanted wanted;
    wanted.purpose = purpose;
    wanted.target.engine = sql::Engine::sqlserver;
    wanted.target.database = "pchat]o'";
    wanted.logins.provision = login("sa");
    wanted.logins.owner = login("owner");
    wanted.logins.run = login("CONTOSO]run'");
    wanted.logins.reader = login("reader");
    std::string out;
    for (const sql::SqlServerStep& step : sql::sqlserver_steps(wanted, "salt")) {
        out += fmt::format(
            "-- {} (in {})\n-- needed: {}\n", step.step.what, step.step.database, step.needed
        );
        for (const std::string& statement : step.step.run)
            out += statement + "\nGO\n";
        for (const std::string& statement : step.step.shown)
            CHECK_THAT(statement, !Catch::Contains("0x02"));
    }
    return out;
}

}  // namespace

TEST_CASE("provision sqlserver: the statements are these", "[provision]") {
    const Purpose purpose = GENERATE(Purpose::content, Purpose::compliance);
    const std::string script = script_of(purpose);
    CHECK_THAT(script, !Catch::Contains("secret of"));
    test::check_golden(
        fmt::format(
            "{}/tests/data/provision/sqlserver-{}.sql", PCHAT_SOURCE_DIR, sql::to_string(purpose)
        ),
        script
    );
}
