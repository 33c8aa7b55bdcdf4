// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/support/kill_run.h"
#include "tests/support/postgres.h"

#include <cstdlib>

using namespace pchat;
using namespace pchat::test;

namespace {

void kill_on(const std::string& engine) {
    PrivateContent database{engine};
    const World world = make_world(database.content(), 6, 4);
    PrivateServer server{database};
    KillPlan plan;
    if (const char* kills = std::getenv("PCHAT_TEST_KILLS"))
        plan.kills = std::atoi(kills);
    const KillReport report = kill_under_load(server, database.content(), world, plan);
    for (const std::string& fault : report.faults)
        UNSCOPED_INFO(fault);
    CHECK(report.faults.empty());
    // Otherwise nothing was tried.
    CHECK(report.acknowledged > static_cast<std::size_t>(plan.kills));
    CHECK(report.sent_again > 0);
    CHECK(report.sessions >= static_cast<std::size_t>(plan.kills));
}

}  // namespace

TEST_CASE("kill: nothing acknowledged is lost, doubled or renumbered on SQLite", "[kill]") {
    kill_on("sqlite");
}

TEST_CASE("kill: nothing acknowledged is lost, doubled or renumbered on PostgreSQL", "[kill]") {
    if (Postgres::shared() != nullptr)
        kill_on("postgresql");
}
