// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/schema_check.h"
#include "tests/support/expect.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <map>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

const std::string release = "0.1.0-aaaaaaaaaaaa";

/// A pool, a bundle with schemas 7 and 3, and databases that have these versions.
struct Judged {
    std::unique_ptr<World> world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    Bundle bundle;
    Asked asked;
    std::map<std::string, int> versions{{"pchat_content", 7}, {"pchat_compliance", 3}};

    Judged() {
        bundle.schema = {7, 3};
        asked.machine = &world->machine(0);
        asked.found.current = release;
        asked.found.schemas[release] = {7, 3};
    }
    [[nodiscard]] std::vector<Finding> all() const {
        return judge_schema(
            secrets,
            bundle,
            {asked},
            [this](const sql::Target& target, sql::Purpose /*purpose*/) -> Result<sql::Status> {
                const auto one = versions.find(target.database);
                if (one == versions.end())
                    return fail(Errc::unreachable, "it does not answer");
                sql::Status out;
                out.version = one->second;
                return out;
            }
        );
    }
    [[nodiscard]] Finding only() const {
        const std::vector<Finding> found = all();
        REQUIRE(found.size() == 1);
        return found[0];
    }
};

}  // namespace

TEST_CASE("schema: it is the release in the bundle that has to know it", "[deploy]") {
    Judged judged;
    CHECK(judged.only().verdict == Verdict::good);
    judged.bundle.schema.content = 8;
    CHECK(judged.only().verdict == Verdict::bad);
    CHECK_THAT(judged.only().message, Catch::Contains("schema 7, and this release has 8"));
    CHECK_THAT(judged.only().hint, Catch::Contains("db migrate"));
    judged.bundle.schema.content = 6;
    CHECK_THAT(judged.only().hint, Catch::Contains("newer release"));
    judged.versions.clear();
    CHECK_THAT(judged.only().hint, Catch::Contains("--skip-check schema"));
}

TEST_CASE("schema: each database is judged", "[deploy]") {
    Judged judged;
    judged.secrets.compliance = postgresql("pchat_compliance", "PASSWORD");
    judged.versions["pchat_compliance"] = 2;
    SECTION("behind one that is a file of the machine") {
        judged.secrets.content = sqlite("/var/lib/pchat/content/content.db");
        const std::vector<Finding> found = judged.all();
        REQUIRE(found.size() == 2);
        CHECK((found[0].verdict == Verdict::good && found[1].verdict == Verdict::bad));
    }
    SECTION("behind one that is good") {
        const std::vector<Finding> found = judged.all();
        REQUIRE(found.size() == 2);
        CHECK((found[0].verdict == Verdict::good && found[1].verdict == Verdict::bad));
    }
}

TEST_CASE("schema: a file of the machine is what the release in force made of it", "[deploy]") {
    Judged judged;
    judged.secrets.content = sqlite("/var/lib/pchat/content/content.db");
    CHECK(judged.only().verdict == Verdict::good);
    judged.bundle.schema.content = 8;
    CHECK(judged.only().verdict == Verdict::warning);
    CHECK_THAT(judged.only().message, Catch::Contains("from schema 7 to 8"));
    CHECK_THAT(judged.only().hint, Catch::Contains("/var/lib/pchat/backups"));
    judged.bundle.schema.content = 6;
    CHECK(judged.only().verdict == Verdict::bad);
    CHECK_THAT(judged.only().hint, Catch::Contains("db restore"));
    judged.asked.found.current.clear();
    CHECK(judged.only().verdict == Verdict::good);
}
