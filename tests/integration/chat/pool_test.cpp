// SPDX-License-Identifier: Apache-2.0
// Two servers over one database, with a bus and without: each follows what the other one did.
#include "tests/integration/chat/pool_pair.h"

#include <csignal>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

/// The numbers and bodies of the next messages in the room.
std::vector<std::pair<std::int64_t, std::string>> heard(ChatClient& client, std::size_t count) {
    std::vector<std::pair<std::int64_t, std::string>> out;
    while (out.size() < count) {
        const Json frame = client.wait_for("msg");
        out.emplace_back(frame["seq"], frame["body"]);
    }
    return out;
}

}  // namespace

TEST_CASE("pool: what is said at one server is heard at the other, in one order", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    // In turn: each finds at its own message that the one before is missing.
    constexpr std::size_t rounds = 30;
    for (std::size_t i = 0; i < rounds; ++i) {
        CHECK(ann.post(room, "a" + std::to_string(i), "of ann") == static_cast<int>(2 * i) + 1);
        CHECK(bob.post(room, "b" + std::to_string(i), "of bob") == static_cast<int>(2 * i) + 2);
    }
    const auto by_ann = heard(ann, 2 * rounds);
    const auto by_bob = heard(bob, 2 * rounds);
    CHECK(by_ann == by_bob);
    for (std::size_t i = 0; i < by_ann.size(); ++i)
        CHECK(by_ann[i].first == static_cast<std::int64_t>(i) + 1);
    // The last one has no successor that would show that it is missing.
    ann.post(room, "last", "good-bye");
    CHECK(heard(bob, 1).front().second == "good-bye");
}

TEST_CASE("pool: a key that was sent to one server is known to the other", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    ChatClient ann = pair.first.client(0);
    REQUIRE(ann.join(room)["type"] == "ok");
    const std::int64_t seq = ann.post(room, "k", "once");
    ChatClient again = pair.at_second(0);
    REQUIRE(again.join(room)["type"] == "ok");
    CHECK(again.post(room, "k", "once") == seq);
}

TEST_CASE("pool: who loses a room by way of one server is out of it at the other", "[pool]") {
    Pair pair;
    const std::string room = pair.first.closed_room("Cellar", {0, 1});
    ChatClient ann = pair.first.client(0);
    ChatClient bob = pair.at_second(1);
    REQUIRE(ann.join(room)["type"] == "ok");
    // The room was made a moment ago, at the other server.
    Json joined;
    for (int i = 0; i < 40 && joined["type"] != "ok"; ++i) {
        std::this_thread::sleep_for(50ms);
        joined = bob.join(room);
    }
    REQUIRE(joined["type"] == "ok");
    const HttpAnswer taken =
        pair.first.admin("PATCH", "/v1/rooms/" + room, {{"remove_members", {Scene::user_name(1)}}});
    INFO(taken.text);
    REQUIRE(taken.status == 200);
    CHECK(bob.wait_for("gone")["room"] == room);
    ann.post(room, "after", "not for bob");
    CHECK(bob.ask({{"type", "ping"}})["type"] == "ok");
    std::this_thread::sleep_for(1s);  // two looks of the other server
    CHECK(bob.ask({{"type", "ping"}})["type"] == "ok");
    for (const Json& frame : bob.kept())
        CHECK(frame["type"] != "msg");
}

TEST_CASE("pool: what is removed, replaced or cleared at one server is at the other", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    for (int i = 1; i <= 4; ++i)
        ann.post(room, "k" + std::to_string(i), "message " + std::to_string(i));
    heard(bob, 4);
    REQUIRE(pair.first.admin("DELETE", "/v1/rooms/" + room + "/messages/3").status == 200);
    CHECK(bob.wait_for("removed")["seqs"] == Json{3});
    const HttpAnswer changed =
        pair.first.admin("PATCH", "/v1/rooms/" + room + "/messages/4", {{"body", "instead"}});
    INFO(changed.text);
    REQUIRE(changed.status == 200);
    const Json replaced = bob.wait_for("removed");
    CHECK(replaced["seqs"] == Json{4});
    CHECK(replaced["replacement"] == "instead");
    const HttpAnswer cleared =
        pair.first.admin("POST", "/v1/rooms/" + room + "/clear", {{"before_seq", 3}});
    INFO(cleared.text);
    REQUIRE(cleared.status == 200);
    CHECK(bob.wait_for("cleared")["first"] == 3);
}

TEST_CASE("pool: a server that was away catches up with everything", "[pool]") {
    Pair pair;
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    pair.second.signal(SIGSTOP);
    constexpr int portion = 400;  // of 1,000 that may be under way
    for (int from = 1; from <= 1'200; from += portion) {
        for (int i = from; i < from + portion; ++i)
            REQUIRE(ann.send(send_request(
                "s" + std::to_string(i),
                room,
                "k" + std::to_string(i),
                "message " + std::to_string(i)
            )));
        for (int i = from; i < from + portion; ++i)
            REQUIRE(ann.answer("s" + std::to_string(i))["type"] == "ok");
    }
    pair.second.signal(SIGCONT);
    const auto by_bob = heard(bob, 1'200);
    for (std::size_t i = 0; i < by_bob.size(); ++i)
        REQUIRE(by_bob[i].first == static_cast<std::int64_t>(i) + 1);
}

TEST_CASE("pool: over a bus, what is said crosses without a look at the logs", "[pool]") {
    const auto bus = NatsServer::start();
    if (!bus)
        return;
    Pair pair{bus.get()};
    wait_for_bus(pair, "ok");
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    // That she is here is told by another thread, which may be overtaken by her messages.
    wait_until([&] { return metric(pair.first.server.port(), "pchat_presence_told_total") >= 2; });
    // What was told before both were linked shows when the next entry comes.
    ann.post(room, "k1", "message 1");
    CHECK(heard(bob, 1).front().first == 1);
    const std::uint64_t before = metric(pair.second.port(), "pchat_pool_entries_total");
    const std::uint64_t gaps = metric(pair.second.port(), "pchat_pool_out_of_turn_total");
    constexpr int count = 50;
    for (int i = 2; i <= count + 1; ++i) {
        ann.post(room, "k" + std::to_string(i), "message " + std::to_string(i));
        CHECK(heard(bob, 1).front().first == i);
    }
    // A look that comes first makes the entry known before the bus brings it.
    const std::uint64_t entries = metric(pair.second.port(), "pchat_pool_entries_total") - before;
    CHECK(entries >= count * 8 / 10);
    CHECK(metric(pair.second.port(), "pchat_pool_out_of_turn_total") == gaps);
}

TEST_CASE("pool: without its bus it goes on, and says so", "[pool]") {
    const auto bus = NatsServer::start();
    if (!bus)
        return;
    Pair pair{bus.get()};
    wait_for_bus(pair, "ok");
    const std::string& room = pair.first.room(0);
    auto [ann, bob] = pair.both_in(room);
    bus->kill9();
    ann.post(room, "a", "without a bus");
    CHECK(heard(bob, 1).front().second == "without a bus");
    wait_for_bus(pair, "away");
    CHECK(http(pair.second.port(), "GET", "/readyz").status == 200);
    bob.post(room, "b", "still");
    CHECK(heard(ann, 2).back().second == "still");
    bus->restart();
    wait_for_bus(pair, "ok");
    ann.post(room, "c", "again");
    CHECK(heard(bob, 2).back().second == "again");
}
