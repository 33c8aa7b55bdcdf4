// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

TEST_CASE("api discover: names the servers, the pool and who asks", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    const auto found = api.send("bob", "GET", "/v1/discover");
    REQUIRE(found.status == 200);
    CHECK(found.body["server"] == "pc1.contoso.example");
    CHECK(found.body["servers"] == json::array({"https://pc1.contoso.example"}));
    CHECK(found.body["pool"] == "pchat.contoso.example");
    CHECK(found.body["pools"] == json::array({"pchat.contoso.example"}));
    CHECK(found.body["user"] == test::sip("bob"));
    CHECK(found.body["display"] == "bob");
    CHECK(found.body["site"] == "hq");  // the pool's, for bob has none
    REQUIRE(
        api.send("admin", "PATCH", "/v1/users/" + test::sip("bob"), {{"site", "redmond"}}).status ==
        200
    );
    CHECK(api.send("bob", "GET", "/v1/discover").body["site"] == "redmond");
}

TEST_CASE("api discover: is for those who have signed in", "[api]") {
    ApiWorld api;
    CHECK(api.send("", "GET", "/v1/discover").code() == "not-signed-in");
}
