// SPDX-License-Identifier: Apache-2.0
#include "server/wire/event.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace pchat::wire;
using nlohmann::json;

TEST_CASE("wire event: welcome says who, where and how much", "[wire]") {
    const Welcome welcome{
        "s-1",
        "sip:alice@contoso.example",
        "Alice",
        "pc1.contoso.example",
        {"https://pc1.contoso.example", "https://pc2.contoso.example"},
        {8000, 65536, 20000, 999, 75, 30},
        0};
    const json expected{
        {"type", "welcome"},
        {"session", "s-1"},
        {"user", "sip:alice@contoso.example"},
        {"display", "Alice"},
        {"server", "pc1.contoso.example"},
        {"servers", {"https://pc1.contoso.example", "https://pc2.contoso.example"}},
        {"limits",
         {{"message", 8000},
          {"story", 65536},
          {"file_kb", 20000},
          {"search", 999},
          {"participants", 75},
          {"history", 30}}},
        {"time", "1970-01-01T00:00:00.000000Z"}};
    CHECK(json::parse(event(welcome)) == expected);
}

TEST_CASE("wire event: a message is its fields within a frame", "[wire]") {
    CHECK(
        event(MessageEvent{"r-1", R"("seq":1,"body":"x")"}) ==
        R"({"type":"msg","room":"r-1","seq":1,"body":"x"})"
    );
}

TEST_CASE("wire event: the roster names people, or only counts them", "[wire]") {
    RosterEvent roster{"r-1", {Participant{"sip:a@b.example", "A"}}, {"sip:c@b.example"}, 4, false};
    CHECK(
        event(roster) == R"({"type":"roster","room":"r-1",)"
                         R"("joined":[{"user":"sip:a@b.example","display":"A"}],)"
                         R"("left":["sip:c@b.example"],"count":4})"
    );
    roster.count_only = true;
    CHECK(event(roster) == R"({"type":"roster","room":"r-1","count":4})");
}

TEST_CASE("wire event: what was removed and cleared", "[wire]") {
    CHECK(
        event(RemovedEvent{"r-1", {5, {2, 3}, {}}}) ==
        R"({"type":"removed","room":"r-1","rev":5,"seqs":[2,3]})"
    );
    CHECK(
        event(RemovedEvent{"r-1", {5, {2}, "by the \"boss\""}}) ==
        R"({"type":"removed","room":"r-1","rev":5,"seqs":[2],"replacement":"by the \"boss\""})"
    );
    CHECK(
        event(ClearedEvent{"r-1", 6, 100}) ==
        R"({"type":"cleared","room":"r-1","rev":6,"first":100})"
    );
}

TEST_CASE("wire event: a room tells only what changed", "[wire]") {
    RoomEvent room;
    room.room = "r-1";
    CHECK(event(room) == R"({"type":"room","room":"r-1"})");
    room.addin.emplace();
    CHECK(event(room) == R"({"type":"room","room":"r-1","addin":null})");
    room.addin = AddinFacts{"Board", "https://b.example"};
    room.name = "New";
    room.type = RoomType::auditorium;
    room.privacy = RoomPrivacy::open;
    room.description = "";
    room.category = "C";
    room.may.emplace();
    room.disabled = false;
    const json expected{
        {"type", "room"},
        {"room", "r-1"},
        {"name", "New"},
        {"room_type", "auditorium"},
        {"privacy", "open"},
        {"description", ""},
        {"category", "C"},
        {"addin", {{"name", "Board"}, {"url", "https://b.example"}}},
        {"disabled", false},
        {"may", json::array()}};
    CHECK(json::parse(event(room)) == expected);
}

TEST_CASE("wire event: the small ones", "[wire]") {
    CHECK(
        event(InvitedEvent{"r-1", "Lobby", "sip:a@b.example", 3}) ==
        R"({"type":"invited","room":"r-1","name":"Lobby","by":"sip:a@b.example","sequence":3})"
    );
    CHECK(
        event(GoneEvent{"r-1", GoneEvent::Reason::deleted}) ==
        R"({"type":"gone","room":"r-1","reason":"deleted"})"
    );
    CHECK(
        event(NoticeEvent{"r-1", 8, "gold"}) ==
        R"({"type":"notice","room":"r-1","seq":8,"keyword":"gold"})"
    );
    CHECK(
        event(MovedEvent{MovedEvent::Reason::standby, {"https://pc2"}}) ==
        R"({"type":"moved","reason":"standby","servers":["https://pc2"]})"
    );
}
