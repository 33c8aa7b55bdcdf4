// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using test::ApiWorld;

namespace {

std::string names(ApiWorld& api, const std::string& who, const std::string& query) {
    const auto list = api.send(who, "GET", "/v1/rooms?" + query);
    if (list.status != 200)
        return list.code();
    std::string out;
    for (const auto& room : list.body["rooms"])
        out += room["name"].get<std::string>() + " ";
    return out;
}

}  // namespace

TEST_CASE("api room list: by add-in, invitations and patterns", "[api]") {
    ApiWorld api;
    api.send("admin", "POST", "/v1/addins", {{"name", "Prices"}, {"url", "https://a.example"}});
    api.send(
        "admin",
        "POST",
        "/v1/rooms",
        {{"name", "Alpha"}, {"addin", "Prices"}, {"invitations", "off"}}
    );
    api.send("admin", "POST", "/v1/rooms", {{"name", "Beta"}, {"description", "Old talk"}});
    CHECK(names(api, "admin", "") == "Alpha Beta ");
    CHECK(names(api, "admin", "addin=prices") == "Alpha ");
    CHECK(names(api, "admin", "addin=none") == "addin-not-found");
    CHECK(names(api, "admin", "invitations=off") == "Alpha ");
    CHECK(names(api, "admin", "invitations=inherit") == "Beta ");
    CHECK(names(api, "admin", "invitations=on") == "bad-value");
    CHECK(names(api, "admin", "filter=o*k") == "Beta ");
    CHECK(names(api, "admin", "filter=A*A") == "Alpha ");
}

TEST_CASE("api room list: by the size of what was said, for who may read settings", "[api]") {
    ApiWorld api;
    const PrincipalId ann = api.world.user("ann");
    const RoomId large = api.world.room("Large", "General", {.members = {ann}});
    api.world.room("Small", "General", {.members = {ann}});
    for (int i = 0; i < 150; ++i)
        api.world.post(ann, large, std::string(8000, 'x'));
    CHECK(names(api, "admin", "content_exceeds_mb=1") == "Large ");
    CHECK(names(api, "admin", "content_exceeds_mb=2").empty());
    CHECK(names(api, "admin", "content_exceeds_mb=x") == "bad-value");
    CHECK(names(api, "admin", "content_exceeds_mb=-1") == "bad-value");
    CHECK(names(api, "ann", "content_exceeds_mb=1") == "not-allowed");
}
