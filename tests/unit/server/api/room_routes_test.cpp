// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

using namespace pchat;
using nlohmann::json;
using test::ApiWorld;
using test::sip;

namespace {

std::vector<std::string> names(const json& list) {
    std::vector<std::string> out;
    for (const json& one : list)
        out.push_back(one["name"]);
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("api rooms: created, read, changed and removed", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    const auto made = api.send(
        "admin",
        "POST",
        "/v1/rooms",
        {{"name", "Lobby"},
         {"description", "All"},
         {"type", "auditorium"},
         {"privacy", "secret"},
         {"invitations", "off"},
         {"members", {sip("bob")}},
         {"presenters", {sip("bob")}}}
    );
    REQUIRE(made.status == 201);
    CHECK(made.etag == "\"1\"");
    CHECK(made.body["category"] == "General");
    const std::string id = made.body["id"];

    const auto read = api.send("admin", "GET", "/v1/rooms/" + id);
    REQUIRE(read.status == 200);
    CHECK(read.etag == "\"1\"");
    CHECK(read.body["name"] == "Lobby");
    CHECK(read.body["type"] == "auditorium");
    CHECK(read.body["privacy"] == "secret");
    CHECK(read.body["invitations"] == "off");
    CHECK(read.body["disabled"] == false);
    CHECK(read.body["members"] == json{sip("bob")});
    CHECK(read.body["presenters"] == json{sip("bob")});
    CHECK(read.body["created_by"] == sip("admin"));
    CHECK(read.body["may"] == json({"view", "manage", "administration"}));

    const auto changed = api.send(
        "admin",
        "PATCH",
        "/v1/rooms/lobby",
        {{"type", "normal"}, {"remove_members", {sip("bob")}}, {"add_managers", {sip("bob")}}},
        {{"If-Match", read.etag}}
    );
    REQUIRE(changed.status == 200);
    CHECK(changed.etag == "\"2\"");
    CHECK(changed.body["members"] == json::array());
    CHECK(changed.body["managers"] == json{sip("bob")});
    CHECK(
        changed.body["purged"] ==
        json{{{"room", id}, {"name", "Lobby"}, {"list", "presenters"}, {"principal", sip("bob")}}}
    );
    const auto stale = api.send(
        "admin", "PATCH", "/v1/rooms/Lobby", {{"name", "Salon"}}, {{"If-Match", read.etag}}
    );
    CHECK(stale.status == 409);
    CHECK(stale.code() == "changed-meanwhile");

    CHECK(api.send("admin", "DELETE", "/v1/rooms/Lobby?dry_run=true").status == 200);
    CHECK(api.send("admin", "GET", "/v1/rooms/Lobby").status == 200);
    CHECK(
        api.send("admin", "DELETE", "/v1/rooms/Lobby", {}, {{"If-Match", "\"1\""}}).status == 409
    );
    CHECK(api.send("bob", "DELETE", "/v1/rooms/Lobby").code() == "not-allowed");
    CHECK(api.send("admin", "DELETE", "/v1/rooms/Lobby").status == 200);
    CHECK(api.send("admin", "GET", "/v1/rooms/Lobby").status == 404);
}

TEST_CASE("api rooms: a dry run answers what would be", "[api]") {
    ApiWorld api;
    const auto made = api.send("admin", "POST", "/v1/rooms?dry_run=true", {{"name", "Lobby"}});
    CHECK(made.status == 200);
    CHECK(made.body["name"] == "Lobby");
    CHECK(api.send("admin", "GET", "/v1/rooms/Lobby").status == 404);
    api.world.room("Salon", "General");
    const auto changed =
        api.send("admin", "PATCH", "/v1/rooms/Salon?dry_run=true", {{"description", "x"}});
    CHECK(changed.status == 200);
    CHECK(changed.body["description"] == "x");
    CHECK(api.send("admin", "GET", "/v1/rooms/Salon").body["description"] == "");
}

TEST_CASE("api rooms: refuse what is not right", "[api]") {
    ApiWorld api;
    api.world.user("bob");
    const auto post = [&](const json& body) {
        return api.send("admin", "POST", "/v1/rooms", body);
    };
    CHECK(post("{").code() == "bad-json");
    CHECK(post(json::object()).code() == "bad-request");
    CHECK(post({{"name", 7}}).code() == "bad-request");
    CHECK(post({{"name", "A"}, {"privacy", "hidden"}}).code() == "bad-value");
    CHECK(post({{"name", "A"}, {"members", {"bob"}}}).code() == "bad-value");
    const auto unknown = post({{"name", "A"}, {"add_members", {sip("nobody")}}});
    CHECK(unknown.status == 404);
    CHECK(unknown.code() == "user-not-found");
    CHECK(unknown.body["error"]["field"] == "members");
    CHECK_FALSE(unknown.body["error"]["request"].get<std::string>().empty());
    CHECK(post({{"name", "A"}, {"category", "Nothing"}}).code() == "category-not-found");
    const auto open = post({{"name", "A"}, {"privacy", "open"}, {"members", {sip("bob")}}});
    CHECK(open.status == 422);
    CHECK(open.code() == "open-room-members");
    REQUIRE(post({{"name", "A"}}).status == 201);
    CHECK(post({{"name", "a"}}).status == 409);
    CHECK(
        api.send("admin", "PATCH", "/v1/rooms/A", {{"name", "B"}}, {{"If-Match", "x"}}).code() ==
        "bad-value"
    );
    CHECK(api.send("", "POST", "/v1/rooms", {{"name", "B"}}).status == 401);
    const auto denied = api.send("bob", "POST", "/v1/rooms", {{"name", "B"}});
    CHECK(denied.status == 403);
    CHECK(denied.code() == "not-allowed");
}

TEST_CASE("api rooms: a secret one is as one that does not exist", "[api]") {
    ApiWorld api;
    const PrincipalId ann = api.world.user("ann");
    test::RoomLists secret{{ann}};
    secret.privacy = RoomPrivacy::secret;
    api.world.room("Merger", "General", secret);
    const std::string body = R"({"description":"x"})";
    struct Row {
        const char* method;
        const char* after;
        json body;
    };
    for (const Row& row : std::vector<Row>{
             {"GET", "", {}},
             {"PATCH", "", {{"description", "x"}}},
             {"DELETE", "", {}},
             {"GET", "/participants", {}},
             {"POST", "/clear", json::object()},
             {"DELETE", "/messages/1", {}},
             {"PATCH", "/messages/1", {{"body", "x"}}}}) {
        INFO(row.method << row.after);
        const auto ask = [&](const std::string& room) {
            auto answer = api.send("bob", row.method, "/v1/rooms/" + room + row.after, row.body);
            answer.body["error"].erase("request");
            std::string text = answer.body.dump();
            const std::size_t at = text.find(room);
            REQUIRE(at != std::string::npos);
            return std::to_string(answer.status) + text.replace(at, room.size(), "?");
        };
        CHECK(ask("Merger") == ask("Nothing"));
        CHECK(ask("Merger").substr(0, 3) == "404");
    }
    CHECK(api.send("bob", "GET", "/v1/rooms").body["rooms"].empty());
    CHECK(api.send("ann", "GET", "/v1/rooms/Merger").status == 200);
}

TEST_CASE("api rooms: lists are for those who manage or have a role", "[api]") {
    ApiWorld api;
    const PrincipalId mia = api.world.user("mia");
    const PrincipalId bob = api.world.user("bob");
    api.world.grant(api.world.user("vic"), AdminRole::viewer);
    api.world.room("Lobby", "General", {{bob}, {mia}});
    CHECK_FALSE(api.send("bob", "GET", "/v1/rooms/Lobby").body.contains("members"));
    CHECK(api.send("mia", "GET", "/v1/rooms/Lobby").body["members"] == json{sip("bob")});
    CHECK(api.send("vic", "GET", "/v1/rooms/Lobby").body["managers"] == json{sip("mia")});
    CHECK(api.send("bob", "PATCH", "/v1/rooms/Lobby", {{"name", "X"}}).code() == "not-allowed");
    CHECK(api.send("vic", "PATCH", "/v1/rooms/Lobby", {{"name", "X"}}).code() == "not-allowed");
    CHECK(api.send("mia", "PATCH", "/v1/rooms/Lobby", {{"name", "X"}}).status == 200);
}

TEST_CASE("api rooms: the list is filtered and goes by pages", "[api]") {
    ApiWorld api;
    test::ChatWorld& world = api.world;
    const PrincipalId west = world.group("west");
    const PrincipalId bob = world.user("bob", {west});
    const PrincipalId mia = world.user("mia");
    world.category("Other", {{world.everyone()}});
    world.room("alpha", "General", {{west}, {mia}});
    test::RoomLists open;
    open.privacy = RoomPrivacy::open;
    open.type = RoomType::auditorium;
    world.room("Beta", "Other", open);
    test::RoomLists secret;
    secret.privacy = RoomPrivacy::secret;
    secret.managers = {mia};
    world.room("gamma", "Other", secret);
    const auto list = [&](const std::string& who, const std::string& query) {
        const auto answer = api.send(who, "GET", "/v1/rooms" + query);
        REQUIRE(answer.status == 200);
        return names(answer.body["rooms"]);
    };
    CHECK(list("admin", "") == Names{"alpha", "Beta", "gamma"});
    CHECK(list("bob", "") == Names{"alpha", "Beta"});
    CHECK(list("admin", "?filter=ET") == Names{"Beta"});
    CHECK(list("admin", "?category=other") == Names{"Beta", "gamma"});
    CHECK(list("admin", "?privacy=secret") == Names{"gamma"});
    CHECK(list("admin", "?type=auditorium") == Names{"Beta"});
    CHECK(list("admin", "?disabled=true") == Names{});
    CHECK(list("admin", "?member=sip:bob@contoso.example") == Names{"alpha"});
    CHECK(list("admin", "?manager=sip:mia@contoso.example") == Names{"alpha", "gamma"});
    CHECK(list("bob", "?member=sip:bob@contoso.example") == Names{});  // he may not read the list
    CHECK(list("mia", "?member=sip:bob@contoso.example") == Names{"alpha"});

    const auto first = api.send("admin", "GET", "/v1/rooms?limit=2");
    CHECK(names(first.body["rooms"]) == Names{"alpha", "Beta"});
    const std::string cursor = first.body["cursor"];
    CHECK(list("admin", "?limit=2&cursor=" + cursor) == Names{"gamma"});
    for (const char* wrong :
         {"?limit=0", "?privacy=hidden", "?type=x", "?disabled=maybe", "?member=bob", "?cursor=x"})
        CHECK(api.send("admin", "GET", std::string{"/v1/rooms"} + wrong).status == 422);
    CHECK(api.send("admin", "GET", "/v1/rooms?category=Nothing").status == 404);
    static_cast<void>(bob);
}

TEST_CASE("api rooms: participants are named to those in the room", "[api]") {
    ApiWorld api;
    const PrincipalId ann = api.world.user("ann");
    const PrincipalId bob = api.world.user("bob");
    api.world.user("eve");
    const RoomId room = api.world.room("Lobby", "General", {{ann, bob}});
    for (const PrincipalId user : {bob, ann})
        api.world.book.with(room, [&](LiveRoom& live) {
            api.world.book.enter(live, room, user, api.world.clock.steady());
        });
    const auto here = api.send("ann", "GET", "/v1/rooms/Lobby/participants");
    REQUIRE(here.status == 200);
    REQUIRE(here.body["participants"].size() == 2);
    CHECK(here.body["participants"][0]["user"] == sip("ann"));
    CHECK(api.send("admin", "GET", "/v1/rooms/Lobby/participants").status == 200);
    CHECK(api.send("eve", "GET", "/v1/rooms/Lobby/participants").code() == "not-allowed");
}
