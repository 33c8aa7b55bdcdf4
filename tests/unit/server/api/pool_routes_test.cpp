// SPDX-License-Identifier: Apache-2.0
#include "server/api/departure.h"
#include "server/api/figures.h"
#include "server/app/housekeeping.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/published.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

namespace {

const std::string path = "/v1/pools/pchat.contoso.example";

void look(ApiWorld& api) {
    api.world.write([&](ContentTransaction& tx) -> Result<void> {
        api.world.chat->pool().take(*tx.registry().list(), *tx.registry().now());
        return {};
    });
}

}  // namespace

TEST_CASE("api pools: a server tells of itself with its heartbeat", "[api]") {
    ApiWorld api;
    app::Housekeeping housekeeping{*api.world.chat, api.hub, std::chrono::seconds{20}};
    REQUIRE_OK(housekeeping.announce());
    const auto silent = api.send("admin", "GET", path);
    REQUIRE(silent.status == 200);
    CHECK_FALSE(silent.body["servers"][0].contains("rooms"));
    api::Figures figures{*api.world.chat, api.hub, api.health};
    housekeeping.tell([&] { return figures.take(); });
    CHECK_FALSE(api.hub.count_session());
    REQUIRE_OK(housekeeping.heartbeat());
    const auto pool = api.send("admin", "GET", path);
    CHECK(pool.body["pool"] == "pchat.contoso.example");
    CHECK(pool.body["users"] == 1);
    CHECK(pool.body["active"] == json::array({"pc1.contoso.example"}));
    const json server = pool.body["servers"][0];
    CHECK(server["server"] == "pc1.contoso.example");
    CHECK(server["state"] == "active");
    CHECK(server["lives"] == true);
    CHECK(server["stopped"] == false);
    CHECK(server["users"] == 1);
    CHECK(server["limit"] == 20'000);
    CHECK(server["bus"] == "none");
    CHECK(server["follows"] == true);
    CHECK(server["commit_p99_us"] == 0);
    CHECK(server["urls"] == json::array({"https://pc1.contoso.example"}));
    api.health.pool = [] {
        api::PoolHealth out;
        out.follows = false;
        return out;
    };
    REQUIRE_OK(housekeeping.heartbeat());
    CHECK(api.send("admin", "GET", path).body["servers"][0]["follows"] == false);
    housekeeping.sign_off();
    const json gone = api.send("admin", "GET", path).body["servers"][0];
    CHECK(gone["lives"] == false);
    CHECK(gone["stopped"] == true);
    CHECK(gone["state"] == "active");  // that is the administrator's to change
    CHECK(gone["users"] == 0);
}

TEST_CASE("api pools: figures that are none are left out", "[api]") {
    ApiWorld api;
    app::Housekeeping housekeeping{*api.world.chat, api.hub, std::chrono::seconds{20}};
    for (const char* text :
         {"{", "[]", R"({"rooms":"many"})", R"({"rooms":-5,"bus":"<script>"})"}) {
        housekeeping.tell([&] { return std::string{text}; });
        REQUIRE_OK(housekeeping.heartbeat());
        const auto pool = api.send("admin", "GET", path);
        REQUIRE(pool.status == 200);
        CHECK_FALSE(pool.body["servers"][0].contains("rooms"));
    }
}

TEST_CASE("api pools: drained, a server takes nobody and says so", "[api]") {
    ApiWorld api;
    const std::string server = path + "/servers/pc1.contoso.example";
    const auto would = api.send("admin", "PATCH", server + "?dry_run=true", {{"draining", true}});
    CHECK(would.body["changes"].size() == 1);
    CHECK(api.world.chat->pool().own_state() == ServerState::active);
    const json change{{"server", "pc1.contoso.example"}, {"from", "active"}, {"to", "draining"}};
    const auto drained =
        api.send("admin", "PATCH", server, {{"draining", true}, {"within_seconds", 60}});
    REQUIRE(drained.status == 200);
    CHECK(drained.body["changes"] == json::array({change}));
    CHECK(would.body["taking_users"] == 0);
    CHECK(drained.body["taking_users"] == 0);
    const auto turned = api.hub.count_session();
    REQUIRE(turned);
    CHECK(turned->reason == wire::MovedEvent::Reason::drain);
    const auto ready = api.send("", "GET", "/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.body["state"] == "draining");
    CHECK(api.send("admin", "GET", path).body["servers"][0].contains("drain_until"));
    CHECK(api.send("admin", "PATCH", server, {{"draining", true}}).body["changes"].empty());
    const auto back = api.send("admin", "PATCH", server, {{"draining", false}});
    CHECK(back.body["changes"].size() == 1);
    CHECK(back.body["taking_users"] == 1);
    CHECK(api.send("", "GET", "/readyz").status == 200);
    CHECK_FALSE(api.hub.count_session());
    // A time is of a server that drains.
    for (const json& wrong :
         {json{{"within_seconds", 5}},
          json{{"draining", false}, {"within_seconds", 5}},
          json{{"state", "active"}, {"within_seconds", 5}}})
        CHECK(api.send("admin", "PATCH", server, wrong).code() == "bad-request");
    const json late{{"draining", true}, {"within_seconds", -1}};
    CHECK(api.send("admin", "PATCH", server, late).code() == "bad-value");
}

TEST_CASE("api pools: a server that does not follow the others takes nobody", "[api]") {
    ApiWorld api;
    api::PoolHealth pool;
    pool.unreadable = 2;
    pool.missed = 3;
    api.health.pool = [&pool] { return pool; };
    CHECK(api.send("", "GET", "/readyz").body["follows"] == true);
    pool.follows = false;
    const auto ready = api.send("", "GET", "/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.body["follows"] == false);
    const std::string metrics = api.site.metrics();
    for (const char* line :
         {"\npchat_pool_follows 0\n",
          "\npchat_pool_unreadable_total 2\n",
          "\npchat_bus_missed_total 3\n"}) {
        INFO(line);
        CHECK(metrics.find(line) != std::string::npos);
    }
}

TEST_CASE("api pools: the active list, by one way at a time", "[api]") {
    ApiWorld api;
    CHECK(api.send("admin", "PATCH", path, json::object()).body["changes"].empty());
    CHECK(
        api.send(
               "admin", "PATCH", path, {{"active", json::array()}, {"swap_active", true}}
        ).code() == "bad-request"
    );
    const auto before = api.send("admin", "GET", path);
    REQUIRE(api.send("admin", "PATCH", path, {{"active", json::array()}}).status == 200);
    const auto turned = api.hub.count_session();
    REQUIRE(turned);
    CHECK(turned->reason == wire::MovedEvent::Reason::standby);
    CHECK(
        api.send(
               "admin", "PATCH", path, {{"swap_active", true}}, {{"If-Match", before.etag}}
        ).code() == "changed-meanwhile"
    );
    CHECK(
        api.send("admin", "PATCH", path, {{"add_active", {"pc9.contoso.example"}}}).code() ==
        "server-not-found"
    );
    const json both_ways{
        {"add_active", {"pc1.contoso.example"}}, {"remove_active", {"PC1.contoso.example"}}};
    CHECK(api.send("admin", "PATCH", path, both_ways).code() == "bad-request");
    CHECK(api.send("admin", "PATCH", path, {{"swap_active", true}}).body["changes"].size() == 1);
    CHECK(api.send("", "GET", "/readyz").body["state"] == "active");
}

TEST_CASE("api pools: one server, and what becomes of it", "[api]") {
    ApiWorld api;
    const std::string server = path + "/servers/pc1.contoso.example";
    CHECK(api.send("admin", "GET", server).body["state"] == "active");
    const json change{{"server", "pc1.contoso.example"}, {"from", "active"}, {"to", "standby"}};
    CHECK(
        api.send("admin", "PATCH", server, {{"state", "standby"}}).body["changes"] ==
        json::array({change})
    );
    CHECK(api.send("admin", "GET", server).body["state"] == "standby");
    const json drain{{"state", "draining"}, {"within_seconds", 60}};
    CHECK(api.send("admin", "PATCH", server, drain).body["changes"][0]["to"] == "draining");
    CHECK(api.send("admin", "GET", server).body.contains("drain_until"));
    CHECK(api.send("admin", "PATCH", server, {{"state", "active"}}).status == 200);
    CHECK(api.send("admin", "GET", server).body["state"] == "active");
    const json both{{"state", "active"}, {"draining", false}};
    CHECK(api.send("admin", "PATCH", server, both).code() == "bad-request");
    CHECK(api.send("admin", "PATCH", server, {{"state", "removed"}}).code() == "bad-value");
    CHECK(
        api.send("admin", "GET", path + "/servers/pc9.contoso.example").code() == "server-not-found"
    );
}

TEST_CASE("api pools: names the pools of the topology, and knows its own", "[api]") {
    ApiWorld api;
    const auto pools = api.send("admin", "GET", "/v1/pools");
    REQUIRE(pools.body["pools"].size() == 1);
    CHECK(pools.body["pools"][0]["here"] == true);
    CHECK(api.send("admin", "GET", "/v1/pools/pool9.contoso.example").code() == "pool-unknown");
    REQUIRE(
        api.send("admin", "POST", "/v1/topology", {{"document", test::topology_text()}}).status ==
        201
    );
    const auto planned = api.send("admin", "GET", "/v1/pools").body["pools"][0];
    CHECK(planned["pool"] == "pchat.contoso.example");
    CHECK(planned["site"] == "redmond");
    CHECK(planned["machines"].get<int>() > 1);
    CHECK(api.send("admin", "GET", path).body["servers"][0]["role"] == "active");
}

TEST_CASE("api pools: are for deploy-admin, to look at for viewers", "[api]") {
    ApiWorld api;
    api.world.grant(api.world.user("dora"), AdminRole::deploy_admin);
    api.world.grant(api.world.user("pam"), AdminRole::pchat_admin);
    api.world.user("bob");
    const std::string server = path + "/servers/pc1.contoso.example";
    CHECK(api.send("bob", "GET", "/v1/pools").code() == "role-missing");
    CHECK(api.send("pam", "GET", path).status == 200);
    CHECK(api.send("pam", "PATCH", path, {{"swap_active", true}}).code() == "role-missing");
    CHECK(api.send("pam", "PATCH", server, {{"draining", true}}).code() == "role-missing");
    CHECK(api.send("dora", "PATCH", server, {{"draining", true}}).status == 200);
    const auto log = api.send("admin", "GET", "/v1/audit?kind=server&limit=1");
    CHECK(log.body["entries"][0]["action"] == "pool.drain");
    CHECK(log.body["entries"][0]["kind"] == "server");
}

TEST_CASE("api pools: a server that is lost leaves room at the others", "[api]") {
    ApiWorld api;
    CHECK(api.hub.most_sessions() == 20'000);
    api.world.write([](ContentTransaction& tx) -> Result<void> {
        Enrolment other;
        other.id = ServerId{2};
        other.fqdn = "pc2.contoso.example";
        other.lifetime = 0;
        const auto made = tx.registry().enrol(other);
        return made ? Result<void>{} : Result<void>{pass(made.error())};
    });
    look(api);
    CHECK(api.hub.most_sessions() == 30'000);
    REQUIRE(
        api.send("admin", "PATCH", path, {{"remove_active", {"pc2.contoso.example"}}}).status == 200
    );
    CHECK(api.hub.most_sessions() == 20'000);
}

TEST_CASE("histogram: quantiles are of what came between two counts", "[api]") {
    using namespace std::chrono_literals;
    api::Histogram histogram;
    for (int i = 0; i < 100; ++i)
        histogram.add(1s);
    const auto before = histogram.counts();
    CHECK(api::quantile(before, before, 990) == 0);
    for (int i = 0; i < 99; ++i)
        histogram.add(80us);
    histogram.add(3ms);
    CHECK(api::quantile(before, histogram.counts(), 990) == 100);
    CHECK(api::quantile(before, histogram.counts(), 1000) == 3'200);
}

TEST_CASE("api pools: a server is ready while its database is heard of", "[api]") {
    ApiWorld api;
    std::chrono::seconds silence{0};
    api.health.database_unseen = [&] { return silence; };
    CHECK(api.send("", "GET", "/readyz").status == 200);
    silence = std::chrono::seconds{12};
    CHECK(api.send("", "GET", "/readyz").status == 200);
    silence = std::chrono::seconds{13};
    const auto hung = api.send("", "GET", "/readyz");
    CHECK(hung.status == 503);
    CHECK(hung.body["database"] == "away");
}
