// SPDX-License-Identifier: Apache-2.0
#include "server/wire/request.h"
#include "tests/support/expect.h"

#include <nlohmann/json.hpp>

using namespace pchat::wire;
using pchat::Errc;
using pchat::Error;

namespace {

template <class Body>
Body read(std::string_view text) {
    RequestReader reader;
    auto request = reader.read(text);
    REQUIRE_OK(request);
    REQUIRE(request->id == "7");
    REQUIRE(std::holds_alternative<Body>(request->body));
    return std::get<Body>(std::move(request->body));
}

// "reason field: message | hint" of the refusal.
std::string refusal(std::string_view text) {
    RequestReader reader;
    const auto request = reader.read(text);
    if (request)
        return "accepted";
    const Error& error = request.error();
    std::string out = std::string{error.reason} + " " + std::string{error.field} + ": ";
    out += error.message;
    return error.hint.empty() ? out : out + " | " + error.hint;
}

// A send with one field set to `value`, or taken away.
std::string send_with(const std::string& field, nlohmann::json value) {
    nlohmann::json frame{
        {"type", "send"}, {"id", "7"}, {"room", "lobby"}, {"key", "k1"}, {"body", "hello"}};
    if (value.is_null())
        frame.erase(field);
    else
        frame[field] = std::move(value);
    return frame.dump();
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (; times > 0; --times)
        out += text;
    return out;
}

}  // namespace

TEST_CASE("wire request: auth brings a token or a ticket", "[wire]") {
    const auto token = read<Auth>(R"({"type":"auth","id":"7","token":"abc"})");
    CHECK(token.by == Auth::By::token);
    CHECK(token.secret.reveal() == "abc");
    const auto ticket = read<Auth>(R"({"type":"auth","id":"7","ticket":"xyz"})");
    CHECK(ticket.by == Auth::By::ticket);
    CHECK(ticket.secret.reveal() == "xyz");
    CHECK(refusal(R"({"type":"auth","id":"7"})") == "bad-request token: 'token' is missing");
    CHECK(
        refusal(R"({"type":"auth","id":"7","token":"a","ticket":"b"})") ==
        "bad-request ticket: 'token' and 'ticket' exclude each other | send the one to sign in with"
    );
}

TEST_CASE("wire request: join names one room", "[wire]") {
    const auto join =
        read<Join>(R"({"type":"join","id":"7","room":"Lobby","since":12,"since_rev":3,"history":0})"
        );
    REQUIRE(join.rooms.size() == 1);
    CHECK_FALSE(join.several);
    CHECK(join.rooms[0].room == "Lobby");
    CHECK(join.rooms[0].since == 12);
    CHECK(join.rooms[0].since_rev == 3);
    CHECK(join.history == 0);
}

TEST_CASE("wire request: join names several rooms, each with its place", "[wire]") {
    const auto join =
        read<Join>(R"({"type":"join","id":"7","rooms":[{"room":"a","since":1},{"room":"b"}]})");
    REQUIRE(join.rooms.size() == 2);
    CHECK(join.several);
    CHECK(join.rooms[0].since == 1);
    CHECK(join.rooms[1].room == "b");
    CHECK_FALSE(join.rooms[1].since.has_value());
    CHECK_FALSE(join.history.has_value());
}

TEST_CASE("wire request: join says which of the rooms is wrong", "[wire]") {
    CHECK(
        refusal(R"({"type":"join","id":"7","rooms":[{"room":"a"},{"rom":"b"}]})") ==
        "bad-request rooms: 'rooms[1].room' is missing"
    );
    CHECK(
        refusal(R"({"type":"join","id":"7","rooms":["a"]})") ==
        "bad-request rooms: 'rooms[0]' must be an object, not text"
    );
    CHECK(
        refusal(R"({"type":"join","id":"7","rooms":[]})") ==
        "bad-value rooms: 'rooms' is empty | name one at least"
    );
    CHECK(
        refusal(R"({"type":"join","id":"7","room":"a","rooms":[{"room":"a"}]})") ==
        "bad-request rooms: 'room' and 'rooms' exclude each other | put every room into 'rooms'"
    );
    const std::string many = repeated(R"({"room":"a"},)", 200) + R"({"room":"a"})";
    CHECK(
        refusal(R"({"type":"join","id":"7","rooms":[)" + many + "]}") ==
        "too-long rooms: 'rooms' has 201 items, 200 are allowed"
    );
}

TEST_CASE("wire request: send takes a message with all its fields", "[wire]") {
    const auto plain = read<Send>(send_with("ignored", 1));
    CHECK(plain.room == "lobby");
    CHECK(plain.key == "k1");
    CHECK(plain.content.body == "hello");
    CHECK(plain.content.kind == MessageKind::text);
    CHECK(plain.content.format == MessageFormat::text);
    CHECK_FALSE(plain.content.subject.has_value());
    const auto story =
        read<Send>(R"({"type":"send","id":"7","room":"r","key":"k","body":"b","kind":"story",)"
                   R"("subject":"s","format":"rtf"})");
    CHECK(story.content.kind == MessageKind::story);
    CHECK(story.content.format == MessageFormat::rtf);
    CHECK(story.content.subject == "s");
}

TEST_CASE("wire request: send checks each field", "[wire]") {
    CHECK(refusal(send_with("room", nullptr)) == "bad-request room: 'room' is missing");
    CHECK(refusal(send_with("room", "")) == "bad-value room: 'room' is empty");
    CHECK(refusal(send_with("key", 5)) == "bad-request key: 'key' must be text, not a number");
    CHECK(refusal(send_with("body", "")) == "bad-value body: 'body' is empty");
    CHECK(
        refusal(send_with("body", std::string("a\0b", 3))) ==
        "bad-value body: 'body' holds the character U+0000, which cannot be stored"
    );
    CHECK(
        refusal(send_with("kind", "stroy")) ==
        "bad-value kind: 'kind' is 'stroy', it must be text, alert or story | did you mean 'story'?"
    );
    CHECK(
        refusal(send_with("subject", "s")) == "bad-value subject: only stories have a subject | "
                                              "leave it out, or send it as \"kind\":\"story\""
    );
}

TEST_CASE("wire request: limits count code points", "[wire]") {
    CHECK(refusal(send_with("room", repeated("ü", 256))) == "accepted");
    CHECK(
        refusal(send_with("room", repeated("ü", 257))) ==
        "too-long room: 'room' has 257 characters, 256 are allowed"
    );
    CHECK(refusal(send_with("key", repeated("😀", 64))) == "accepted");
    CHECK(refusal(send_with("key", repeated("a", 65))).find("too-long key") == 0);
    CHECK(refusal(send_with("body", repeated("😀", 8000))) == "accepted");
    CHECK(refusal(send_with("body", repeated("😀", 8001))).find("too-long body") == 0);
}

TEST_CASE("wire request: the limits of messages and stories are the reader's", "[wire]") {
    RequestReader reader{{3, 5, 10}};
    const auto send = [&](std::string_view kind, std::string_view body) {
        const nlohmann::json frame{
            {"type", "send"},
            {"id", "7"},
            {"room", "r"},
            {"key", "k"},
            {"kind", kind},
            {"body", body}};
        return reader.read(frame.dump()).has_value();
    };
    CHECK(send("text", "abc"));
    CHECK_FALSE(send("text", "abcd"));
    CHECK_FALSE(send("alert", "abcd"));
    CHECK(send("story", "abcde"));
    CHECK_FALSE(send("story", "abcdef"));
    reader.set_limits({4, 5, 10});
    CHECK(send("text", "abcd"));
    CHECK_FALSE(reader.read(R"({"type":"search","id":"7","text":"x","limit":11})").has_value());
}

TEST_CASE("wire request: history pages in one direction", "[wire]") {
    const auto before = read<History>(R"({"type":"history","id":"7","room":"r","before":9})");
    CHECK(before.before == 9);
    CHECK(before.limit == 100);
    const auto after =
        read<History>(R"({"type":"history","id":"7","room":"r","after":0,"limit":500})");
    CHECK(after.after == 0);
    CHECK(after.limit == 500);
    CHECK(
        refusal(R"({"type":"history","id":"7","room":"r","limit":501})") ==
        "bad-value limit: 'limit' is 501, it must be 1 to 500"
    );
    CHECK(
        refusal(R"({"type":"history","id":"7","room":"r","after":-1})") ==
        "bad-value after: 'after' is -1, it must be 0 or more"
    );
    CHECK(
        refusal(R"({"type":"history","id":"7","room":"r","after":1,"before":2})") ==
        "bad-request after: 'before' and 'after' exclude each other | page in one direction"
    );
}

TEST_CASE("wire request: search takes what narrows it", "[wire]") {
    const auto search = read<Search>(
        R"({"type":"search","id":"7","text":"gold","rooms":["a","b"],"from":"sip:a@b.example",)"
        R"("from_time":"1970-01-01T00:00:01Z","to_time":"1970-01-01T01:00:02+01:00",)"
        R"("match":"exact","case":true,"limit":999,"cursor":"c"})"
    );
    CHECK(search.text == "gold");
    CHECK(search.rooms == std::vector<std::string>{"a", "b"});
    CHECK(search.from == "sip:a@b.example");
    CHECK(search.from_time == 1'000'000);
    CHECK(search.to_time == 2'000'000);
    CHECK(search.match == Search::Match::exact);
    CHECK(search.match_case);
    CHECK(search.limit == 999);
    CHECK(search.cursor == "c");
}

TEST_CASE("wire request: search checks what narrows it", "[wire]") {
    const std::string start = R"({"type":"search","id":"7","text":"x",)";
    CHECK(
        refusal(start + R"("from_time":"yesterday"})") ==
        "bad-value from_time: 'from_time' is 'yesterday', which is no time | "
        "write times as 2026-01-31T18:30:00Z"
    );
    CHECK(
        refusal(
            start + R"("from_time":"2024-01-02T00:00:00Z","to_time":"2024-01-01T00:00:00Z"})"
        ) == "bad-value to_time: 'to_time' is before 'from_time' | swap them"
    );
    CHECK(
        refusal(start + R"("rooms":["a",1]})") ==
        "bad-request rooms: 'rooms[1]' must be text, not a number"
    );
    CHECK(
        refusal(start + R"("case":"yes"})") ==
        "bad-request case: 'case' must be true or false, not text"
    );
}

TEST_CASE("wire request: the small ones", "[wire]") {
    CHECK(read<Leave>(R"({"type":"leave","id":"7","room":"r"})").room == "r");
    CHECK(read<Roster>(R"({"type":"roster","id":"7","room":"r"})").room == "r");
    CHECK(read<Invitations>(R"({"type":"invitations","id":"7"})").after == 0);
    CHECK(read<Invitations>(R"({"type":"invitations","id":"7","after":4})").after == 4);
    read<Ping>(R"({"type":"ping","id":"7"})");
    const auto rooms = read<Rooms>(R"({"type":"rooms","id":"7","filter":"lo","mine":true})");
    CHECK(rooms.filter == "lo");
    CHECK(rooms.mine);
    CHECK(rooms.limit == 100);
}

TEST_CASE("wire request: unread sets marks", "[wire]") {
    CHECK(read<Unread>(R"({"type":"unread","id":"7"})").marks.empty());
    const auto unread = read<Unread>(R"({"type":"unread","id":"7","marks":{"a":1,"b":0}})");
    REQUIRE(unread.marks.size() == 2);
    CHECK(unread.marks[0] == std::pair<std::string, std::int64_t>{"a", 1});
    CHECK(
        refusal(R"({"type":"unread","id":"7","marks":{"a":-1}})") ==
        "bad-value marks: 'a' in 'marks' is -1, it must be 0 or more"
    );
    CHECK(
        refusal(R"({"type":"unread","id":"7","marks":{"a":"1"}})") ==
        "bad-request marks: 'a' in 'marks' must be a whole number, not text"
    );
    nlohmann::json frame{{"type", "unread"}, {"id", "7"}};
    for (int i = 0; i < 1001; ++i)
        frame["marks"][std::to_string(i)] = i;
    CHECK(refusal(frame.dump()) == "too-long marks: 'marks' has 1001 items, 1000 are allowed");
}

TEST_CASE("wire request: watch takes all the keywords", "[wire]") {
    CHECK(read<Watch>(R"({"type":"watch","id":"7","keywords":["a","b"]})").keywords.size() == 2);
    CHECK(read<Watch>(R"({"type":"watch","id":"7","keywords":[]})").keywords.empty());
    CHECK(refusal(R"({"type":"watch","id":"7"})").find("bad-request keywords") == 0);
    const nlohmann::json many{
        {"type", "watch"}, {"id", "7"}, {"keywords", std::vector<std::string>(51, "a")}};
    CHECK(refusal(many.dump()).find("too-long keywords") == 0);
    CHECK(
        refusal(R"({"type":"watch","id":"7","keywords":["a",""]})") ==
        "bad-value keywords: 'keywords[1]' is empty"
    );
}

TEST_CASE("wire request: suggests the type that was meant", "[wire]") {
    CHECK(
        refusal(R"({"type":"jion","id":"7"})") ==
        "unknown-type type: there is no request type 'jion' | did you mean 'join'?"
    );
    CHECK(refusal(R"({"type":"x\u001b[2J","id":"7"})").find("'x\\u{1B}[2J'") != std::string::npos);
}

TEST_CASE("wire request: the id is known whenever it could be read", "[wire]") {
    RequestReader reader;
    const auto id_after = [&](std::string_view text) {
        CHECK_FALSE(reader.read(text).has_value());
        return reader.id();
    };
    CHECK(id_after(R"({"room":5,"type":"leave","id":"42"})") == "42");
    CHECK(id_after(R"({"type":"nothing","id":"43"})") == "43");
    CHECK(id_after(R"({"id":"44"})") == "44");
    CHECK(id_after(R"({"type":"ping"})").empty());
    CHECK(id_after(R"({"type":"ping","id":1})").empty());
    CHECK(id_after(R"({"type":"ping","id":"a\nb"})").empty());
    CHECK(id_after(R"({"type":"ping","id":"ü"})").empty());
    CHECK(id_after(R"({"type":"ping","id":""})").empty());
    CHECK(id_after("{").empty());
    const nlohmann::json longest{{"type", "ping"}, {"id", std::string(64, 'x')}};
    CHECK(reader.read(longest.dump()).has_value());
    const nlohmann::json longer{{"type", "ping"}, {"id", std::string(65, 'x')}};
    CHECK(id_after(longer.dump()).empty());
}

TEST_CASE("wire request: of a field that comes twice the first counts, null is absent", "[wire]") {
    CHECK(read<Leave>(R"({"type":"leave","id":"7","room":"a","room":"b"})").room == "a");
    CHECK(
        refusal(R"({"type":"leave","id":"7","room":null})") == "bad-request room: 'room' is missing"
    );
    CHECK_FALSE(read<Rooms>(R"({"type":"rooms","id":"7","filter":null})").filter.has_value());
}

TEST_CASE("wire request: refuses what is not one JSON object", "[wire]") {
    const std::string text = GENERATE(
        as<std::string>{},
        "",
        "  ",
        "null",
        "[]",
        "\"text\"",
        "{} {}",
        "{",
        "{\"a\":}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"\xc0\x80\"}",
        "\xef\xbb\xbf{}"
    );
    CAPTURE(text);
    CHECK(refusal(text).find("bad-json ") == 0);
}

TEST_CASE("wire request: depth, values and fields are bounded", "[wire]") {
    const auto nested = [](std::size_t lists) {
        return R"({"type":"ping","id":"7","x":)" + std::string(lists, '[') + "0" +
               std::string(lists, ']') + "}";
    };
    CHECK(refusal(nested(15)) == "accepted");
    CHECK(refusal(nested(16)).find("bad-json : the JSON is nested too deep") == 0);
    CHECK(refusal(nested(100'000)).find("bad-json : the JSON is nested too deep") == 0);
    const std::string wide = R"({"type":"ping","id":"7","x":[)" + repeated("0,", 20'000) + "0]}";
    CHECK(refusal(wide).find("bad-json : the JSON has more than 20000 values") == 0);
    nlohmann::json fields{{"type", "ping"}, {"id", "7"}};
    for (int i = 0; i < 63; ++i)
        fields["x" + std::to_string(i)] = i;
    CHECK(refusal(fields.dump()) == "bad-request : an object has 65 fields | at most 64 are read");
}

TEST_CASE("wire request: a reader that met a big frame reads small ones as before", "[wire]") {
    RequestReader reader{{100'000, 100'000, 999}};
    for (const std::size_t length : {10U, 90'000U, 10U, 5'000U}) {
        const std::string body = repeated("é", length);
        auto request = reader.read(send_with("body", body));
        REQUIRE_OK(request);
        CHECK(std::get<Send>(request->body).content.body == body);
        CHECK_FALSE(reader.read("{\"broken").has_value());
    }
}

TEST_CASE("wire request: whole numbers only, of 64 bits", "[wire]") {
    const std::string start = R"({"type":"history","id":"7","room":"r","after":)";
    CHECK(read<History>(start + "9223372036854775807}").after == 9223372036854775807);
    for (const std::string_view number : {"9223372036854775808", "1.5", "1.0", "1e3"})
        CHECK(refusal(start + std::string{number} + "}").find("bad-request after") == 0);
}
