// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"
#include "tests/support/published.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::topology_text;
using test::topology_with_paris;

namespace {

ApiWorld::Answer publish(ApiWorld& api, const std::string& text, const std::string& who = "admin") {
    return api.send(who, "POST", "/v1/topology", {{"document", text}, {"comment", "why"}});
}

}  // namespace

TEST_CASE("api topology: is published, read and listed", "[api]") {
    ApiWorld api;
    CHECK(api.send("admin", "GET", "/v1/topology").code() == "topology-not-found");
    const auto first = publish(api, topology_text());
    REQUIRE(first.status == 201);
    CHECK(first.body["version"] == 1);
    CHECK(first.body["published"] == true);
    CHECK(first.etag == "\"1\"");
    const auto same = publish(api, topology_text());
    CHECK(same.status == 200);
    CHECK(same.body["published"] == false);
    REQUIRE(publish(api, topology_with_paris()).status == 201);
    const auto now = api.send("admin", "GET", "/v1/topology");
    CHECK(now.etag == "\"2\"");
    CHECK(now.body["document"] == topology_with_paris());
    CHECK(now.body["published_by"] == test::sip("admin"));
    CHECK(now.body["comment"] == "why");
    CHECK(api.send("admin", "GET", "/v1/topology?version=1").body["document"] == topology_text());
    CHECK(api.send("admin", "GET", "/v1/topology?version=9").status == 404);
    CHECK(api.send("admin", "GET", "/v1/topology?version=x").code() == "bad-value");
    const auto page = api.send("admin", "GET", "/v1/topology/versions?limit=1");
    CHECK(page.body["versions"].size() == 1);
    CHECK(page.body["versions"][0]["version"] == 2);
    CHECK_FALSE(page.body["versions"][0].contains("document"));
    const auto rest = api.send(
        "admin", "GET", "/v1/topology/versions?cursor=" + page.body["cursor"].get<std::string>()
    );
    CHECK(rest.body["versions"][0]["version"] == 1);
    CHECK_FALSE(rest.body.contains("cursor"));
    const auto back = api.send("admin", "POST", "/v1/topology", {{"version", 1}});
    CHECK(back.status == 201);
    CHECK(back.body["version"] == 3);
    CHECK(back.body["changes"] == json::array({"- site paris"}));
}

TEST_CASE("api topology: is for deploy-admin, who looks at it for viewers", "[api]") {
    ApiWorld api;
    api.world.grant(api.world.user("dora"), AdminRole::deploy_admin);
    api.world.grant(api.world.user("vera"), AdminRole::viewer);
    api.world.grant(api.world.user("pam"), AdminRole::pchat_admin);
    api.world.user("bob");
    for (const char* who : {"vera", "pam", "bob"})
        CHECK(publish(api, topology_text(), who).code() == "role-missing");
    CHECK(publish(api, topology_text(), "dora").status == 201);
    CHECK(api.send("vera", "GET", "/v1/topology").status == 200);
    CHECK(api.send("bob", "GET", "/v1/topology").code() == "role-missing");
    CHECK(api.send("bob", "GET", "/v1/topology/versions").code() == "role-missing");
}

TEST_CASE("api topology: If-Match and dry runs", "[api]") {
    ApiWorld api;
    const json body{{"document", topology_text()}};
    const auto would = api.send("admin", "POST", "/v1/topology?dry_run=true", body);
    CHECK(would.status == 200);
    CHECK(would.body["published"] == true);
    CHECK_FALSE(would.body.contains("published_at"));
    CHECK(api.send("admin", "GET", "/v1/topology").status == 404);
    const auto late = api.send("admin", "POST", "/v1/topology", body, {{"If-Match", "\"1\""}});
    CHECK(late.status == 409);
    CHECK(late.code() == "changed-meanwhile");
    CHECK(api.send("admin", "POST", "/v1/topology", body, {{"If-Match", "\"0\""}}).status == 201);
    CHECK(api.send("admin", "POST", "/v1/topology", {{"comment", "x"}}).code() == "bad-request");
    CHECK(api.send("admin", "POST", "/v1/topology", {{"document", 5}}).status == 400);
    CHECK(publish(api, "apiVersion: pchat/v1\n").code() == "topology-invalid");
}

TEST_CASE("api topology: discover names its pools and the site's own", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    CHECK(api.send("bob", "GET", "/v1/discover").body["default_pool"] == "pchat.contoso.example");
    REQUIRE(publish(api, topology_text()).status == 201);
    const auto found = api.send("bob", "GET", "/v1/discover");
    CHECK(found.body["pools"] == json::array({"pchat.contoso.example"}));
    CHECK(found.body["default_pool"] == "pchat.contoso.example");
}

TEST_CASE("api topology: a pool takes no more sessions than are planned", "[api]") {
    ApiWorld api;
    const std::string planned = test::with(
        topology_text(),
        "      displayName: Contoso rooms",
        "      capacity: {concurrentUsers: 2}\n      displayName: Contoso rooms"
    );
    CHECK_FALSE(api.hub.count_session());
    REQUIRE(publish(api, planned).status == 201);
    CHECK_FALSE(api.hub.count_session());
    const auto turned = api.hub.count_session();
    REQUIRE(turned);
    CHECK(turned->why == "the pool is full: 2 sessions are planned for it");
    CHECK(turned->reason == wire::MovedEvent::Reason::full);
    REQUIRE(publish(api, topology_text()).status == 201);
    CHECK_FALSE(api.hub.count_session());
}
