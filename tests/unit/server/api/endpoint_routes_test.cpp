// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

TEST_CASE("api endpoints: are made, listed and removed", "[api]") {
    ApiWorld api;
    const json body{{"address", test::sip("rooms")}, {"display", "Rooms"}};
    const auto would = api.send("admin", "POST", "/v1/endpoints?dry_run=true", body);
    CHECK(would.status == 200);
    const auto made = api.send("admin", "POST", "/v1/endpoints", body);
    REQUIRE(made.status == 201);
    CHECK(made.body["address"] == test::sip("rooms"));
    CHECK(made.body["pool"] == "pchat.contoso.example");
    CHECK(api.send("admin", "POST", "/v1/endpoints", body).code() == "endpoint-exists");
    const auto listed = [&](const std::string& query) {
        return api.send("admin", "GET", "/v1/endpoints" + query).body["endpoints"].size();
    };
    CHECK(listed("") == 1);
    CHECK(listed("?pool=PCHAT.contoso.example") == 1);
    CHECK(listed("?pool=other.example") == 0);
    CHECK(listed("?filter=Rooms") == 1);
    CHECK(listed("?filter=halls") == 0);
    const std::string path = "/v1/endpoints/" + test::sip("rooms");
    CHECK(api.send("admin", "GET", path).body["display"] == "Rooms");
    CHECK(api.send("admin", "DELETE", path).status == 200);
    CHECK(api.send("admin", "GET", path).code() == "endpoint-not-found");
}

TEST_CASE("api endpoints: are for pchat-admin, to look at for viewers", "[api]") {
    ApiWorld api;
    api.world.grant(api.world.user("pam"), AdminRole::pchat_admin);
    api.world.grant(api.world.user("vera"), AdminRole::viewer);
    api.world.user("bob");
    const json body{{"address", test::sip("rooms")}};
    CHECK(api.send("vera", "POST", "/v1/endpoints", body).code() == "role-missing");
    CHECK(api.send("pam", "POST", "/v1/endpoints", body).status == 201);
    CHECK(api.send("vera", "GET", "/v1/endpoints").status == 200);
    CHECK(api.send("bob", "GET", "/v1/endpoints").code() == "role-missing");
    CHECK(
        api.send("vera", "DELETE", "/v1/endpoints/" + test::sip("rooms")).code() == "role-missing"
    );
}
