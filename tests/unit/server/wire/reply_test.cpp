// SPDX-License-Identifier: Apache-2.0
#include "server/wire/reply.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace pchat::wire;
using nlohmann::json;
using pchat::Errc;

namespace {

// The whole frame as nlohmann reads it: equal to what was meant, whatever the texts hold.
json ok(json fields) {
    fields["type"] = "ok";
    fields["id"] = "7";
    return fields;
}

MessageText sample(std::int64_t seq, std::string_view body) {
    Message message;
    message.seq = seq;
    message.from = "sip:alice@contoso.example";
    message.display = "Alice \"Al\"";
    message.body = body;
    return std::make_shared<const std::string>(message_fields(message));
}

json sample_json(std::int64_t seq, std::string_view body) {
    return {
        {"seq", seq},
        {"from", "sip:alice@contoso.example"},
        {"display", "Alice \"Al\""},
        {"at", "1970-01-01T00:00:00.000000Z"},
        {"kind", "text"},
        {"body", body}};
}

RoomFacts lobby() {
    RoomFacts room;
    room.id = "0190-id";
    room.name = "Lobby \\ \"one\"";
    room.description = "line\nline";
    room.may = {"read", "post"};
    return room;
}

json lobby_json() {
    return {
        {"id", "0190-id"},
        {"name", "Lobby \\ \"one\""},
        {"type", "normal"},
        {"privacy", "closed"},
        {"description", "line\nline"},
        {"may", {"read", "post"}}};
}

json join_json() {
    return {
        {"room", lobby_json()},
        {"head", 9},
        {"first", 2},
        {"rev", 4},
        {"messages", {sample_json(8, "a"), sample_json(9, "b\n")}},
        {"more", false},
        {"removed", {{{"rev", 4}, {"seqs", {3, 5}}, {"replacement", "gone"}}}},
        {"gap", true},
        {"participants", {{{"user", "sip:b@c.example"}, {"display", "B"}}}}};
}

JoinReply join() {
    JoinReply joined;
    joined.room = lobby();
    joined.head = 9;
    joined.first = 2;
    joined.rev = 4;
    joined.messages = {sample(8, "a"), sample(9, "b\n")};
    joined.removed = {{4, {3, 5}, "gone"}};
    joined.gap = true;
    joined.participants.emplace(1, Participant{"sip:b@c.example", "B"});
    return joined;
}

}  // namespace

TEST_CASE("wire reply: join carries the room and what was said", "[wire]") {
    CHECK(json::parse(reply("7", join())) == ok(join_json()));
    JoinReply crowded = join();
    crowded.participants.reset();
    crowded.participant_count = 76;
    json expected = join_json();
    expected.erase("participants");
    expected["participant_count"] = 76;
    CHECK(json::parse(reply("7", crowded)) == ok(expected));
}

TEST_CASE("wire reply: a join of several answers for each room", "[wire]") {
    JoinSeveralReply several;
    several.rooms.emplace_back(join());
    pchat::Error error;
    error.code = Errc::not_found;
    error.message = "room 'x' does not exist";
    error.reason = "room-not-found";
    several.rooms.emplace_back(JoinRefused{"x", error});
    const json refused{
        {"asked", "x"}, {"code", "room-not-found"}, {"message", "room 'x' does not exist"}};
    CHECK(json::parse(reply("7", several)) == ok({{"rooms", {join_json(), refused}}}));
}

TEST_CASE("wire reply: a room says what is not usual only when it is so", "[wire]") {
    RoomFacts room = lobby();
    room.type = RoomType::auditorium;
    room.privacy = RoomPrivacy::secret;
    room.addin = AddinFacts{"Board", "https://board.example/?a=1&b=\"2\""};
    room.category = "Research";
    room.disabled = true;
    std::string text;
    append(text, room);
    json expected = lobby_json();
    expected["type"] = "auditorium";
    expected["privacy"] = "secret";
    expected["addin"] = {{"name", "Board"}, {"url", "https://board.example/?a=1&b=\"2\""}};
    expected["category"] = "Research";
    expected["disabled"] = true;
    CHECK(json::parse(text) == expected);
}

TEST_CASE("wire reply: a message has all its fields", "[wire]") {
    Message message;
    message.seq = 12;
    message.from = "sip:alice@contoso.example";
    message.display = "Alice";
    message.at = 1;
    message.kind = MessageKind::story;
    message.format = MessageFormat::rtf;
    message.subject = "S";
    message.body = "";
    message.file = FileFacts{"f-1", "a\"b.txt", 5, "text/plain"};
    message.change = MessageChange::removed;
    message.rev = 3;
    message.changed_at = 2;
    CHECK(
        message_fields(message) ==
        R"("seq":12,"from":"sip:alice@contoso.example","display":"Alice",)"
        R"("at":"1970-01-01T00:00:00.000001Z","kind":"story","subject":"S","format":"rtf",)"
        R"("body":"","file":{"id":"f-1","name":"a\"b.txt","size":5,"type":"text/plain"},)"
        R"("change":"removed","rev":3,"changed_at":"1970-01-01T00:00:00.000002Z")"
    );
}

TEST_CASE("wire reply: the small ones", "[wire]") {
    CHECK(
        reply("7", SendReply{5, 0}) ==
        R"({"type":"ok","id":"7","seq":5,"at":"1970-01-01T00:00:00.000000Z"})"
    );
    CHECK(reply("7", Done{}) == R"({"type":"ok","id":"7"})");
    CHECK(
        reply("a\"b", Pong{}) == R"({"type":"ok","id":"a\"b","time":"1970-01-01T00:00:00.000000Z"})"
    );
}

TEST_CASE("wire reply: lists of messages", "[wire]") {
    CHECK(
        json::parse(reply("7", HistoryReply{{sample(1, "x"), sample(2, "y")}, true})) ==
        ok({{"messages", {sample_json(1, "x"), sample_json(2, "y")}}, {"more", true}})
    );
    CHECK(
        json::parse(reply("7", HistoryReply{})) ==
        ok({{"messages", json::array()}, {"more", false}})
    );
    json found = sample_json(3, "z");
    found["room"] = "r-1";
    CHECK(
        json::parse(reply("7", SearchReply{{{"r-1", sample(3, "z")}}, "next"})) ==
        ok({{"messages", {found}}, {"cursor", "next"}})
    );
}

TEST_CASE("wire reply: lists of rooms, participants and invitations", "[wire]") {
    CHECK(
        json::parse(reply("7", RoomsReply{{lobby(), lobby()}, {}})) ==
        ok({{"rooms", {lobby_json(), lobby_json()}}})
    );
    CHECK(
        json::parse(reply("7", RosterReply{{Participant{"sip:a@b.example", "A"}}})) ==
        ok({{"participants", {{{"user", "sip:a@b.example"}, {"display", "A"}}}}})
    );
    CHECK(
        json::parse(reply("7", InvitationsReply{{{4, "r-1", "Lobby", "sip:a@b.example", 0}}, 9})) ==
        ok({{"invitations",
             {{{"sequence", 4},
               {"room", "r-1"},
               {"name", "Lobby"},
               {"by", "sip:a@b.example"},
               {"at", "1970-01-01T00:00:00.000000Z"}}}},
            {"last", 9}})
    );
}

TEST_CASE("wire reply: unread is an object by room", "[wire]") {
    CHECK(reply("7", UnreadReply{}) == R"({"type":"ok","id":"7","rooms":{}})");
    CHECK(
        reply("7", UnreadReply{{{"r-1", 9, 7, 2, 1}, {"r-2", 1, 1, 0, 0}}}) ==
        R"({"type":"ok","id":"7","rooms":{"r-1":{"head":9,"read":7,"unread":2,"mentions":1},)"
        R"("r-2":{"head":1,"read":1,"unread":0,"mentions":0}}})"
    );
}

TEST_CASE("wire reply: a refusal names the request, the reason and the way out", "[wire]") {
    const auto error =
        pchat::fail_as("bad-value", Errc::invalid, "'limit' is 0", "use 1 to 500", "limit").value();
    CHECK(
        refusal("7", error) ==
        R"({"type":"err","id":"7","code":"bad-value","message":"'limit' is 0",)"
        R"("hint":"use 1 to 500","field":"limit"})"
    );
    const auto plain = pchat::fail(Errc::denied, "no \xFF way").value();
    CHECK(
        refusal("", plain) ==
        "{\"type\":\"err\",\"id\":null,\"code\":\"denied\",\"message\":\"no \xEF\xBF\xBD way\"}"
    );
}
