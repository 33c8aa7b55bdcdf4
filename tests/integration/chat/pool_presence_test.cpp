// SPDX-License-Identifier: Apache-2.0
// Two servers over one database: who is in a room and who is connected, by way of either.
#include "server/domain/compliance.h"
#include "server/store/sql/content.h"
#include "tests/integration/chat/pool_pair.h"
#include "tests/support/expect.h"

#include <csignal>
#include <map>
#include <set>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

using Names = std::set<std::string>;

ServerOptions short_lived() {
    ServerOptions out;
    out.more = "registry: { lifetimeSeconds: 5 }\n";
    return out;
}

Names roster(ChatClient& client, const std::string& room) {
    Names out;
    const Json reply = client.ask({{"type", "roster"}, {"room", room}});
    for (const Json& one : reply["participants"])
        out.insert(one["user"]);
    return out;
}

Names names(std::initializer_list<std::size_t> users) {
    Names out;
    for (const std::size_t user : users)
        out.insert(Scene::user_name(user));
    return out;
}

/// The next event that says so; what others come before it are about somebody else.
Json wait_for_turn(ChatClient& client, const std::string& list, std::size_t user) {
    for (;;) {
        Json event = client.wait_for("roster");
        for (const Json& one : event[list])
            if ((one.is_object() ? one["user"] : one) == Scene::user_name(user))
                return event;
    }
}

std::vector<Json> sessions_of(std::uint16_t port, const std::string& admin, std::size_t user) {
    const HttpAnswer found =
        http(port, "GET", "/v1/sessions?user=" + Scene::user_name(user), admin);
    INFO(found.text);
    REQUIRE(found.status == 200);
    return found.body["sessions"];
}

/// Of every server, wherever it is by now: how many came, left, and were said to be lost.
struct Visits {
    int came = 0;
    int left = 0;
    int lost = 0;
    bool operator==(const Visits&) const = default;
};

Visits visits(Scene& scene) {
    std::map<std::string, std::pair<std::int64_t, std::string>> events;
    const Result<void> waiting =
        scene.database.content().read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            if (!servers)
                return pass(servers.error());
            for (const pchat::Server& server : *servers) {
                const auto entries = tx.log().outbox(server.id, 10'000);
                if (!entries)
                    return pass(entries.error());
                for (const OutboxEntry& entry : *entries)
                    events[entry.uuid] = {entry.kind, entry.body};
            }
            return {};
        });
    REQUIRE_OK(waiting);
    sql::Target target;
    target.database = scene.database.folder() + "/archive.db";
    const auto archive = sql::open_archive(std::move(target));
    const Result<void> arrived = archive->read("reading", [&](ArchiveStore& store) -> Result<void> {
        const auto found = store.events({});
        if (!found)
            return pass(found.error());
        for (const ArchivedEvent& event : *found)
            events[event.uuid] = {event.kind, event.body};
        return {};
    });
    REQUIRE_OK(arrived);
    Visits out;
    for (const auto& [uuid, event] : events) {
        out.came += event.first == compliance_join ? 1 : 0;
        out.left += event.first == compliance_part ? 1 : 0;
        if (event.first == compliance_part)
            out.lost += Json::parse(event.second).value("detail", "") == "server-lost" ? 1 : 0;
    }
    return out;
}

}  // namespace

TEST_CASE("pool presence: rosters and counts are those of both servers", "[pool]") {
    const bool with_bus = GENERATE(false, true);
    const auto bus = with_bus ? NatsServer::start() : nullptr;
    if (with_bus && !bus)
        return;
    Pair pair{bus.get()};
    if (bus)
        wait_for_bus(pair, "ok");
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    CHECK(wait_for_turn(ann, "joined", 1)["count"] == 2);
    wait_until([&, &bob = bob] { return roster(bob, room) == names({0, 1}); });
    ChatClient eve = pair.at_second(2);
    const Json joined = eve.join(room);
    INFO(joined.dump());
    CHECK(joined.value("participants", Json::array()).size() == 3);
    CHECK(wait_for_turn(ann, "joined", 2)["count"] == 3);
    CHECK(roster(ann, room) == names({0, 1, 2}));
    const HttpAnswer listed = pair.first.admin("GET", "/v1/rooms/" + room + "/participants");
    INFO(listed.text);
    CHECK(listed.body["participants"].size() == 3);

    eve.ask({{"type", "leave"}, {"room", room}});
    CHECK(wait_for_turn(ann, "left", 2)["count"] == 2);
    bob.drop();
    CHECK(wait_for_turn(ann, "left", 1)["count"] == 1);
    CHECK(roster(ann, room) == names({0}));
}

TEST_CASE("pool presence: who is at both servers is there until gone from both", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    wait_until([&, &bob = bob] { return roster(bob, room) == names({0, 1}); });
    ChatClient again = pair.at_second(0);
    CHECK(again.join(room)["participants"].size() == 2);
    ann.ask({{"type", "leave"}, {"room", room}});
    ChatClient eve = pair.first.client(2);  // what follows is told after that
    eve.join(room);
    for (Json event = bob.wait_for("roster");; event = bob.wait_for("roster")) {
        CHECK(event["left"].empty());
        if (!event["joined"].empty() && event["joined"][0]["user"] == Scene::user_name(2))
            break;
    }
    CHECK(roster(bob, room) == names({0, 1, 2}));
    again.ask({{"type", "leave"}, {"room", room}});
    CHECK(wait_for_turn(bob, "left", 0)["count"] == 2);
}

TEST_CASE("pool presence: who joins while somebody changes servers is told of it", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    ChatClient other = pair.first.client(1);
    for (int i = 0; i < 3; ++i) {
        wait_until([&, &ann = ann] { return roster(ann, room) == names({0, 1}); });
        ChatClient eve = pair.first.client(2);
        bob.ask({{"type", "leave"}, {"room", room}});
        // The first server has heard, and not told yet.
        for (int k = 0; k < 1'000 && roster(ann, room) != names({0}); ++k)
            std::this_thread::sleep_for(20ms);
        Names here;
        const Json joined = eve.join(room);
        for (const Json& who : joined["participants"])
            here.insert(who["user"]);
        other.join(room);
        while (here.count(Scene::user_name(1)) == 0) {
            const Json event = eve.wait_for("roster");
            for (const Json& who : event["joined"])
                here.insert(who["user"]);
            for (const Json& who : event["left"])
                here.erase(who.get<std::string>());
        }
        bob.join(room);
        other.ask({{"type", "leave"}, {"room", room}});
    }
}

TEST_CASE("pool presence: a server that was killed is out of the rosters of the others", "[pool]") {
    Pair pair{nullptr, short_lived()};
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    wait_for_turn(ann, "joined", 1);
    pair.second.kill9();
    CHECK(wait_for_turn(ann, "left", 1)["count"] == 1);
    CHECK(roster(ann, room) == names({0}));
    CHECK(sessions_of(pair.first.server.port(), pair.first.world.admin, 1).empty());
    CHECK(metric(pair.first.server.port(), "pchat_pool_servers") == 1);
    pair.second.start();
    ChatClient back = pair.at_second(1);
    REQUIRE(back.join(room)["type"] == "ok");
    CHECK(wait_for_turn(ann, "joined", 1)["count"] == 2);
}

TEST_CASE("pool presence: sessions are listed and ended wherever they are", "[pool]") {
    Pair pair;
    const std::string& admin = pair.first.world.admin;
    const std::uint16_t port = pair.first.server.port();
    ChatClient bob = pair.at_second(1);
    wait_until([&] { return sessions_of(port, admin, 1).size() == 1; });
    CHECK(metric(port, "pchat_pool_servers") == 2);
    wait_until([&] { return metric(port, "pchat_sessions_elsewhere") == 1; });
    const Json there = sessions_of(port, admin, 1).front();
    CHECK(there["server"] == "two.example");
    CHECK_FALSE(there.contains("rooms"));
    const Json here = sessions_of(pair.second.port(), admin, 1).front();
    CHECK(here["id"] == there["id"]);
    CHECK(here["rooms"] == 0);

    const std::string path = "/v1/sessions/" + there["id"].get<std::string>();
    CHECK(http(port, "DELETE", path + "?dry_run=true", admin).status == 200);
    CHECK(bob.ask({{"type", "ping"}})["type"] == "ok");
    CHECK(http(port, "DELETE", path, admin).status == 200);
    CHECK(bob.wait_for_end() == 4003);
    wait_until([&] { return sessions_of(port, admin, 1).empty(); });
    CHECK(http(port, "DELETE", path, admin).body["error"]["code"] == "session-not-found");
    const HttpAnswer audit = http(port, "GET", "/v1/audit?limit=100", admin);
    int ended = 0;
    for (const Json& entry : audit.body["entries"])
        ended += entry["action"] == "session.end" ? 1 : 0;
    INFO(audit.text);
    CHECK(ended == 1);
}

TEST_CASE("pool presence: all sessions of a user are ended, wherever they are", "[pool]") {
    Pair pair;
    const std::string& admin = pair.first.world.admin;
    const std::uint16_t port = pair.first.server.port();
    ChatClient here = pair.first.client(1);
    ChatClient there = pair.at_second(1);
    ChatClient eve = pair.at_second(2);
    wait_until([&] { return sessions_of(port, admin, 1).size() == 2; });
    const std::string path = "/v1/sessions?user=" + Scene::user_name(1);
    CHECK(http(port, "DELETE", path + "&dry_run=true", admin).body["sessions"] == 2);
    CHECK(there.ask({{"type", "ping"}})["type"] == "ok");
    CHECK(http(port, "DELETE", path, admin).body["sessions"] == 2);
    CHECK(here.wait_for_end() == 4003);
    CHECK(there.wait_for_end() == 4003);
    CHECK(eve.ask({{"type", "ping"}})["type"] == "ok");
    wait_until([&] { return sessions_of(port, admin, 1).empty(); });
    CHECK(pair.at_second(1).ask({{"type", "ping"}})["type"] == "ok");  // and may come again
}

TEST_CASE("pool presence: a session that just began is among those that are ended", "[pool]") {
    Pair pair;
    const std::string path = "/v1/sessions?user=" + Scene::user_name(1);
    for (int i = 0; i < 8; ++i) {
        ChatClient young = pair.at_second(1);  // the first server has not heard of it
        CHECK(pair.first.admin("DELETE", path).status == 200);
        CHECK(young.wait_for_end() == 4003);
    }
}

TEST_CASE("pool presence: signing out ends the sessions of that sign-in everywhere", "[pool]") {
    Pair pair;
    ChatClient bob = pair.at_second(1);
    ChatClient eve = pair.at_second(2);
    const HttpAnswer out = http(
        pair.first.server.port(), "DELETE", "/v1/sessions/current", pair.first.world.tokens[1]
    );
    INFO(out.text);
    REQUIRE(out.status == 200);
    CHECK(bob.wait_for_end() == 4001);
    CHECK(eve.ask({{"type", "ping"}})["type"] == "ok");
    CHECK(http(pair.second.port(), "GET", "/v1/rooms", pair.first.world.tokens[1]).status == 401);
}

TEST_CASE("pool presence: compliance hears once of who was at a server that was lost", "[pool]") {
    ServerOptions options = short_lived();
    options.compliance = true;
    Pair pair{nullptr, options};
    auto [ann, bob] = pair.both_in(pair.first.room(0));
    REQUIRE(bob.join(pair.first.room(1))["type"] == "ok");
    pair.second.kill9();
    wait_until([&] { return visits(pair.first) == Visits{3, 2, 2}; });
    const std::uint16_t port = pair.first.server.port();
    CHECK(metric(port, "pchat_pool_servers") == 1);
    wait_until([&] { return metric(port, "pchat_servers_buried_total") == 1; });
    pair.second.start();  // and finds nothing to do
    ChatClient back = pair.at_second(1);
    REQUIRE(back.join(pair.first.room(0))["type"] == "ok");
    CHECK(visits(pair.first) == Visits{4, 2, 2});
}
