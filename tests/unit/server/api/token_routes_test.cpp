// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

#include <algorithm>

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

namespace {

/// Requests of a token, which is made by somebody who has signed in.
class Script {
public:
    Script(ApiWorld& api, const std::string& maker, const json& wish) : api_(api) {
        const auto made = api.send(maker, "POST", "/v1/tokens", wish);
        REQUIRE(made.status == 201);
        secret_ = made.body["token"];
    }
    ApiWorld::Answer send(
        const std::string& method, const std::string& target, const json& body = {}
    ) {
        return api_.send("", method, target, body, {{"Authorization", "Bearer " + secret_}});
    }

private:
    ApiWorld& api_;
    std::string secret_;
};

void furnish(ApiWorld& api) {
    const PrincipalId ann = api.world.user("ann");
    api.world.category("Bank", {{api.world.everyone()}});
    api.world.room("Lobby", "General", {{ann}, {ann}});
    api.world.room("Hall", "General", {{ann}, {ann}});
    api.world.room("Vault", "Bank", {{ann}, {ann}});
}

}  // namespace

TEST_CASE("api tokens: are made, listed and removed; the secret is shown once", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    const auto made = api.send("ann", "POST", "/v1/tokens", {{"name", "bot"}, {"lifetime", 3600}});
    REQUIRE(made.status == 201);
    CHECK(made.body["token"].get<std::string>().starts_with("pct_"));
    CHECK(made.body["user"] == test::sip("ann"));
    const auto list = api.send("ann", "GET", "/v1/tokens");
    REQUIRE(list.body["tokens"].size() == 1);
    CHECK_FALSE(list.body["tokens"][0].contains("token"));
    CHECK(list.body["tokens"][0]["scope"] == json::array());
    CHECK(api.send("admin", "GET", "/v1/tokens").body["tokens"].empty());
    CHECK(
        api.send("admin", "GET", "/v1/tokens?user=" + test::sip("ann")).body["tokens"].size() == 1
    );
    const auto would = api.send("ann", "POST", "/v1/tokens?dry_run=true", {{"name", "other"}});
    CHECK(would.status == 200);
    CHECK_FALSE(would.body.contains("token"));
    CHECK(
        api.send("ann", "POST", "/v1/tokens", {{"name", "x"}, {"roles", {"king"}}}).code() ==
        "bad-value"
    );
    const std::string path = "/v1/tokens/bot";
    CHECK(api.send("ann", "DELETE", path).status == 200);
    CHECK(api.send("ann", "DELETE", path).code() == "token-not-found");
}

TEST_CASE("api tokens: a removed one is refused at once", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    Script script{api, "ann", {{"name", "bot"}}};
    CHECK(script.send("GET", "/v1/rooms").status == 200);
    REQUIRE(api.send("ann", "DELETE", "/v1/tokens/bot").status == 200);
    CHECK(script.send("GET", "/v1/rooms").code() == "not-signed-in");
    CHECK(api.send("ann", "GET", "/v1/rooms").status == 200);
}

TEST_CASE("api tokens: have the roles they were given and no other", "[api]") {
    ApiWorld api;
    Script script{api, "admin", {{"name", "bot"}, {"roles", {"user-admin"}}}};
    CHECK(script.send("POST", "/v1/users", {{"user", "sip:new@contoso.example"}}).status == 201);
    CHECK(script.send("POST", "/v1/categories", {{"name", "Mine"}}).code() == "role-missing");
    // An administrator's token that is none gives no roles away.
    const json grant{{"add_roles", {"administrator"}}};
    CHECK(
        script.send("PATCH", "/v1/users/sip:new@contoso.example", grant).code() == "role-missing"
    );
    CHECK(script.send("POST", "/v1/tokens", {{"name", "child"}}).code() == "not-allowed");
}

TEST_CASE("api tokens: one that is read-only changes nothing", "[api]") {
    ApiWorld api;
    furnish(api);
    Script script{api, "ann", {{"name", "bot"}, {"scope", {"read-only"}}}};
    CHECK(script.send("GET", "/v1/rooms/Lobby/messages").status == 200);
    const auto refused = script.send("POST", "/v1/rooms/Lobby/messages", {{"body", "hi"}});
    CHECK(refused.status == 403);
    CHECK(refused.code() == "token-scope");
    CHECK(script.send("PATCH", "/v1/rooms/Lobby", {{"description", "x"}}).code() == "token-scope");
    CHECK(script.send("POST", "/v1/tickets").code() == "token-scope");
    // Refusals stand in the audit log, once a minute.
    const auto entries = api.world.audit();
    const auto noted = std::count_if(entries.begin(), entries.end(), [](const AuditEntry& one) {
        return one.action == "token.use" && one.outcome == AuditOutcome::refused;
    });
    CHECK(noted == 1);
    api.world.clock.pass(std::chrono::minutes{1});
    CHECK(script.send("POST", "/v1/tickets").code() == "token-scope");
    CHECK(api.world.audit()[0].object_name == "POST /v1/tickets");
}

TEST_CASE("api tokens: one that is bound to a room reaches nothing else", "[api]") {
    ApiWorld api;
    furnish(api);
    Script script{api, "ann", {{"name", "bot"}, {"scope", {"room:Lobby"}}}};
    CHECK(script.send("POST", "/v1/rooms/Lobby/messages", {{"body", "hi"}}).status == 201);
    for (const char* beyond :
         {"/v1/rooms/Hall",
          "/v1/rooms/Hall/messages",
          "/v1/rooms/nowhere",
          "/v1/search?text=hi",
          "/v1/categories/General",
          "/v1/tokens",
          "/v1/sessions",
          "/v1/addins"})
        CHECK(script.send("GET", beyond).code() == "token-scope");
    const auto rooms = script.send("GET", "/v1/rooms");
    REQUIRE(rooms.body["rooms"].size() == 1);
    CHECK(rooms.body["rooms"][0]["name"] == "Lobby");
    CHECK(script.send("POST", "/v1/rooms", {{"name", "New"}}).code() == "token-scope");
    // Its own room may not be moved to where the token has no business.
    CHECK(script.send("PATCH", "/v1/rooms/Lobby", {{"category", "Bank"}}).code() == "token-scope");
    CHECK(script.send("PATCH", "/v1/rooms/Lobby", {{"name", "Foyer"}}).status == 200);
    CHECK(script.send("GET", "/v1/rooms/Foyer").status == 200);
}

TEST_CASE("api tokens: one that is bound to a category has all its rooms", "[api]") {
    ApiWorld api;
    furnish(api);
    Script script{
        api,
        "admin",
        {{"name", "bot"}, {"roles", {"pchat-admin"}}, {"scope", {"category:General"}}}};
    CHECK(script.send("GET", "/v1/rooms").body["rooms"].size() == 2);
    CHECK(script.send("POST", "/v1/rooms", {{"name", "New"}}).status == 201);
    CHECK(script.send("PATCH", "/v1/categories/General", {{"description", "x"}}).status == 200);
    CHECK(
        script.send("PATCH", "/v1/categories/Bank", {{"description", "x"}}).code() == "token-scope"
    );
    CHECK(script.send("GET", "/v1/rooms/Vault").code() == "token-scope");
    CHECK(
        script.send("POST", "/v1/rooms", {{"name", "N2"}, {"category", "Bank"}}).code() ==
        "token-scope"
    );
}

TEST_CASE("api tokens: one that is read-only may ask what would change", "[api]") {
    ApiWorld api;
    furnish(api);
    Script script{api, "admin", {{"name", "bot"}, {"roles", {"viewer"}}, {"scope", {"read-only"}}}};
    const json estate{{"rooms", {{{"name", "New"}, {"category", "Bank"}}}}};
    const auto plan = script.send("POST", "/v1/apply?dry_run=true", estate);
    CHECK(plan.status == 200);
    CHECK(plan.body["changes"].size() == 1);
    CHECK(script.send("POST", "/v1/apply", estate).code() == "token-scope");
    const json sides{{"a", {"sip:ann@contoso.example"}}, {"b", {"sip:admin@contoso.example"}}};
    CHECK(script.send("POST", "/v1/walls/test", sides).status == 200);
    Script viewer{api, "admin", {{"name", "viewer"}, {"roles", {"viewer"}}}};
    CHECK(viewer.send("POST", "/v1/apply?dry_run=true", estate).status == 200);
    CHECK(viewer.send("POST", "/v1/apply", json::object()).code() == "role-missing");
    CHECK_FALSE(api.world.has_room("New"));
}

TEST_CASE("api tokens: a missing role is noted, and told with what would help", "[api]") {
    ApiWorld api;
    api.world.user("ann");
    const auto missing = api.send("ann", "PATCH", "/v1/policies/site:hq", json::object());
    CHECK(missing.code() == "role-missing");
    CHECK(
        missing.body["error"]["hint"] ==
        "an administrator can grant it: pchatctl user set sip:ann@contoso.example --add-role "
        "user-admin"
    );
    CHECK(api.world.audit()[0].outcome == AuditOutcome::refused);
    CHECK(api.world.audit()[0].object_name == "PATCH /v1/policies/{identity}");
    Script script{api, "admin", {{"name", "bot"}, {"roles", {"viewer"}}}};
    const auto hint = script.send("POST", "/v1/users", {{"user", "sip:x@contoso.example"}})
                          .body["error"]["hint"]
                          .get<std::string>();
    CHECK(hint.ends_with("pchatctl token create --role user-admin"));
}
