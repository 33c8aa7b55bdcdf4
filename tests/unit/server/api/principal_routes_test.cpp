// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

namespace {

struct Arranged : ApiWorld {
    Arranged() {
        const PrincipalId staff = world.group("staff");
        world.user("ann", {staff});
        world.user("bob");
        world.grant(world.user("vic"), AdminRole::viewer);
        world.category("Research", {.allowed = {staff}});
        world.room("Lab", "Research", {.members = {staff}, .type = RoomType::auditorium});
    }
    /// The names of a list.
    json names(const std::string& target) {
        const Answer answer = send("vic", "GET", target);
        json out = json::array();
        for (const json& one : answer.body["principals"])
            out.push_back(one["principal"]);
        return out;
    }
};

}  // namespace

TEST_CASE("api principals: are listed side by side and narrowed down", "[api]") {
    Arranged api;
    CHECK(api.names("/v1/principals?kind=group") == json{"group:staff"});
    CHECK(api.names("/v1/principals?kind=everyone") == json{"everyone"});
    CHECK(api.names("/v1/principals?in=group:staff") == json{sip("ann")});
    CHECK(api.names("/v1/principals?filter=bo*b@") == json{sip("bob")});
    const auto page = api.send("vic", "GET", "/v1/principals?limit=2");
    REQUIRE(page.body["principals"].size() == 2);
    CHECK(page.body["principals"][0]["principal"] == "everyone");
    CHECK(page.body["principals"][1]["kind"] == "group");
    const std::string cursor = page.body["cursor"];
    std::string encoded;
    for (const char c : cursor)
        encoded += c == ' ' ? "%20" : std::string(1, c);
    CHECK(api.names("/v1/principals?limit=1&cursor=" + encoded) == json{sip("admin")});
    CHECK(api.send("vic", "GET", "/v1/principals?kind=robot").code() == "bad-value");
    CHECK(api.send("vic", "GET", "/v1/principals?in=group:staf").code() == "principal-not-found");
}

TEST_CASE("api principals: one with what it is in and where it is listed", "[api]") {
    Arranged api;
    const auto ann = api.send("vic", "GET", "/v1/principals/" + sip("ann"));
    REQUIRE(ann.status == 200);
    CHECK(ann.body["kind"] == "user");
    CHECK(ann.body["groups"] == json{"group:staff"});
    CHECK(ann.body["above"] == json{"everyone", "group:staff"});
    CHECK(ann.body["policy"] == "global");
    CHECK(ann.etag == "\"1\"");
    const auto staff = api.send("vic", "GET", "/v1/principals/group%3Astaff");
    CHECK(staff.body["members"] == 1);
    CHECK(staff.body["listed_count"] == 2);
    CHECK(staff.body["listed"][0]["list"] == "allow");
    CHECK(staff.body["listed"][1]["name"] == "Lab");
    const std::string id = staff.body["id"];
    CHECK(api.send("vic", "GET", "/v1/principals/" + id).body["principal"] == "group:staff");
    const auto none = api.send("vic", "GET", "/v1/principals/group:stafff");
    CHECK(none.status == 404);
    CHECK_THAT(none.body["error"]["hint"].get<std::string>(), Catch::Contains("group:staff"));
}

TEST_CASE("api principals: eligible and check agree", "[api]") {
    Arranged api;
    CHECK(
        api.names("/v1/principals/eligible?category=Research") == json{"group:staff", sip("ann")}
    );
    CHECK(api.names("/v1/principals/eligible?room=Lab&as=presenter&kind=user") == json{sip("ann")});
    CHECK(api.send("vic", "GET", "/v1/principals/eligible").code() == "bad-request");
    const auto ann =
        api.send("vic", "GET", "/v1/principals/" + sip("ann") + "/check?room=Lab&as=presenter");
    REQUIRE(ann.status == 200);
    CHECK(ann.body["eligible"] == true);
    CHECK(ann.body["as"] == "presenter");
    CHECK(ann.body["room"] == "Lab");
    CHECK(ann.body["category"] == "Research");
    const auto bob = api.send("vic", "GET", "/v1/principals/" + sip("bob") + "/check?room=Lab");
    CHECK(bob.body["eligible"] == false);
    CHECK(
        bob.body["steps"][2] ==
        json{
            {"rule", "allowed-in-category"},
            {"fulfilled", false},
            {"says", "the category does not allow it"}}
    );
}

TEST_CASE("api principals: are for who may read all settings", "[api]") {
    Arranged api;
    for (const std::string& target :
         {std::string{"/v1/principals"},
          std::string{"/v1/principals/eligible?category=Research"},
          "/v1/principals/" + sip("ann"),
          "/v1/principals/" + sip("ann") + "/check?room=Lab"}) {
        CHECK(api.send("ann", "GET", target).code() == "role-missing");
        CHECK(api.send("", "GET", target).status == 401);
    }
}
