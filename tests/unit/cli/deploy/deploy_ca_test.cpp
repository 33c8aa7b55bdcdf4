// SPDX-License-Identifier: Apache-2.0
// `deploy ca`, through the command line.
#include "generated/folders.h"
#include "tests/support/cli_session.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace fs = std::filesystem;
using namespace pchat;
using Json = nlohmann::json;

namespace {

struct World {
    test::TempDir dir;
    test::CliSession session;
    fs::path topology = fs::path{PCHAT_SOURCE_DIR} / "examples/enterprise-multiple.yaml";

    World() { session.variables["XDG_CONFIG_HOME"] = dir.path() / "config"; }

    [[nodiscard]] fs::path kept() const {
        return dir.path() / "config/pchat/authorities/pchat.contoso.example";
    }
    int run(const std::string& words) {
        return session.run(fmt::format("deploy ca {} -f {}", words, topology.string()));
    }
    Json json(const std::string& words) {
        REQUIRE(run(words + " -o json") == 0);
        return Json::parse(session.out.str());
    }
};

}  // namespace

TEST_CASE(
    "deploy ca: from nothing to certificates, and the second run changes nothing", "[deploy]"
) {
    World world;
    CHECK(world.run("issue pchat.contoso.example") == 1);
    CHECK_THAT(world.session.err.str(), Catch::Contains("pchatctl deploy ca init"));
    CHECK(world.json("init pchat.contoso.example")["created"] == true);
    CHECK(world.json("init pchat.contoso.example")["created"] == false);
    const Json first = world.json("issue pchat.contoso.example");
    REQUIRE(first.size() == 4);
    for (const Json& row : first)
        CHECK(row["action"] == "issued");
    CHECK(first[0]["names"] == Json{"pc1.contoso.example", "pchat.contoso.example"});
    CHECK_THAT(
        world.session.err.str(), Catch::Contains("next: pchatctl deploy pool pchat.contoso.example")
    );
    const Json second = world.json("issue pchat.contoso.example");
    for (const Json& row : second)
        CHECK(row["action"] == "kept");
    CHECK_THAT(world.session.err.str(), Catch::Contains("no changes"));
    CHECK(second[0]["serial"] == first[0]["serial"]);
}

TEST_CASE("deploy ca: a dry run writes nothing", "[deploy]") {
    World world;
    REQUIRE(world.run("init pchat.contoso.example --dry-run") == 0);
    CHECK_THAT(world.session.out.str(), Catch::Contains("would be created"));
    CHECK_FALSE(fs::exists(world.kept()));
    REQUIRE(world.run("init pchat.contoso.example") == 0);
    REQUIRE(world.run("issue pchat.contoso.example --dry-run") == 0);
    CHECK_THAT(world.session.out.str(), Catch::Contains("would be issued"));
    CHECK_FALSE(fs::exists(world.kept() / "pc1.contoso.example.pem"));
}

TEST_CASE("deploy ca: renews what ends soon, or all of it, or one", "[deploy]") {
    World world;
    REQUIRE(world.run("init pchat.contoso.example") == 0);
    const Json first = world.json("issue pchat.contoso.example --days 20");
    const Json kept = world.json("renew pchat.contoso.example --within 10");
    CHECK(kept[0]["serial"] == first[0]["serial"]);
    const Json renewed = world.json("renew pchat.contoso.example");
    for (const Json& row : renewed)
        CHECK(row["action"] == "issued");
    CHECK(renewed[0]["serial"] != first[0]["serial"]);
    const Json one = world.json("renew pchat.contoso.example --all --machine pc2.contoso.example");
    REQUIRE(one.size() == 1);
    CHECK(one[0]["serial"] != renewed[1]["serial"]);
}

TEST_CASE("deploy ca: extends the authority before it gives out what outlives it", "[deploy]") {
    World world;
    REQUIRE(world.run("init pchat.contoso.example --days 60") == 0);
    const std::string before = test::read_file(world.kept() / "ca.pem");
    REQUIRE(world.run("issue pchat.contoso.example") == 0);
    REQUIRE(world.run("renew pchat.contoso.example") == 0);
    CHECK_THAT(world.session.err.str(), Catch::Contains("is extended"));
    CHECK(before != test::read_file(world.kept() / "ca.pem"));
}

TEST_CASE("deploy ca: says what it does not know, and the nearest", "[deploy]") {
    World world;
    CHECK(world.run("init pchat.contosso.example") == 1);
    CHECK_THAT(world.session.err.str(), Catch::Contains("did you mean pchat.contoso.example?"));
    REQUIRE(world.run("init pchat.contoso.example") == 0);
    CHECK(world.run("issue pchat.contoso.example --machine pc9.contoso.example") == 1);
    CHECK_THAT(world.session.err.str(), Catch::Contains("has no machine 'pc9.contoso.example'"));
    CHECK(world.run("issue pchat.contoso.example --days 0") == 2);
    world.session.variables.clear();
    CHECK(world.run("issue pchat.contoso.example") == 2);
    CHECK_THAT(world.session.err.str(), Catch::Contains("XDG_CONFIG_HOME"));
}
