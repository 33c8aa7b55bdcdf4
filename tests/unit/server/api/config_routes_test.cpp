// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;

TEST_CASE("api config: set, read, listed and removed", "[api]") {
    ApiWorld api;
    const auto built_in = api.send("admin", "GET", "/v1/config/global");
    REQUIRE(built_in.status == 200);
    CHECK(built_in.etag == "\"0\"");
    CHECK(built_in.body["default_chat_history"] == 30);
    CHECK(built_in.body["max_file_size_kb"] == 20'000);
    CHECK(built_in.body["participant_update_limit"] == 75);
    CHECK(built_in.body["room_management_url"] == "");
    const json values = {
        {"default_chat_history", 40}, {"room_management_url", "https://rooms.example/"}};
    const std::string pool = "/v1/config/service:pchat.contoso.example";
    CHECK(api.send("admin", "PATCH", pool + "?dry_run=true", values).status == 200);
    CHECK(api.send("admin", "GET", pool).code() == "config-not-found");
    REQUIRE(api.send("admin", "PATCH", pool, values).status == 201);
    const auto read = api.send("admin", "GET", pool);
    CHECK(read.body["identity"] == "service:pchat.contoso.example");
    CHECK(read.body["default_chat_history"] == 40);
    CHECK(read.body["room_management_url"] == "https://rooms.example/");
    const auto list = api.send("admin", "GET", "/v1/config");
    REQUIRE(list.body["config"].size() == 2);
    CHECK(list.body["config"][0]["identity"] == "global");
    CHECK(api.send("admin", "GET", "/v1/config?filter=pchat").body["config"].size() == 1);
    const auto counts = api.send("admin", "GET", "/v1/config/effective");
    REQUIRE(counts.status == 200);
    CHECK(counts.body["config"] == "service:pchat.contoso.example");
    CHECK(counts.body["default_chat_history"] == 40);
    CHECK(counts.body["steps"][0]["outcome"] == "chosen");
    CHECK(counts.body["steps"][2] == json{{"scope", "global"}, {"outcome", "absent"}});
    const auto other = api.send("admin", "GET", "/v1/config/effective?pool=b.example");
    CHECK(other.body["config"] == "built-in");
    CHECK(other.body["default_chat_history"] == 30);
    CHECK(api.send("admin", "GET", "/v1/config/effective?pool=a%20b").code() == "bad-value");
    CHECK(
        api.send("admin", "PATCH", pool, values, {{"If-Match", "\"9\""}}).code() ==
        "changed-meanwhile"
    );
    CHECK(api.send("admin", "DELETE", pool, {}, {{"If-Match", read.etag}}).status == 200);
    CHECK(api.send("admin", "GET", pool).status == 404);
}

TEST_CASE("api config: roles open the gates, and wrong values are refused", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.grant(api.world.user("una"), AdminRole::user_admin);
    api.world.grant(api.world.user("pat"), AdminRole::pchat_admin);
    const json values = {{"default_chat_history", 40}};
    CHECK(api.send("", "GET", "/v1/config").status == 401);
    CHECK(api.send("bob", "GET", "/v1/config").code() == "role-missing");
    CHECK(api.send("bob", "GET", "/v1/config/effective").code() == "role-missing");
    CHECK(api.send("vic", "GET", "/v1/config").status == 200);
    for (const char* who : {"bob", "vic", "una"}) {
        CHECK(api.send(who, "PATCH", "/v1/config/global", values).code() == "role-missing");
        CHECK(api.send(who, "DELETE", "/v1/config/global").code() == "role-missing");
    }
    CHECK(api.send("pat", "PATCH", "/v1/config/global", values).status == 201);
    CHECK(api.send("pat", "PATCH", "/v1/config/site:", values).code() == "bad-value");
    const auto bad = api.send("pat", "PATCH", "/v1/config/global", {{"max_file_size_kb", 0}});
    CHECK(bad.status == 422);
    CHECK(bad.body["error"]["field"] == "max_file_size_kb");
    CHECK(
        api.send("pat", "PATCH", "/v1/config/global", {{"default_chat_history", "x"}}).code() ==
        "bad-request"
    );
}
