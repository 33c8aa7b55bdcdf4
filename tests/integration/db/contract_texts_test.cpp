// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <limits>

using namespace pchat;
using namespace pchat::test;

namespace {

std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

std::vector<std::string> awkward_texts() {
    return {
        "",
        " ",
        "  blanks on both sides  ",
        "\ttab and newline\r\n",
        "it's \"quoted\" `so`",
        ":name and ::cast and :1",
        "? and ?? and $1 and @p1",
        "back\\slash \\n \\' \\0",
        "100% _ [a-z] ; -- /* no comment */",
        "{limit} {columns room}",
        "4 bytes: \xF0\x9F\x9A\x80 \xF0\xA0\x80\x80",
        "combining: e\xCC\x81 a\xCC\x8A\xCC\xA3",
        "right to left: \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE",
        "\xEF\xBB\xBF begins with a mark",
        "NULL",
        std::string(8000, 'x'),
        repeated("\xC3\xA4", 8000),
        repeated("\xF0\x9F\x9A\x80", 16384),
        std::string(65536, 'y'),
        repeated("\xE4\xB8\xAD", 65536),
    };
}

}  // namespace

TEST_CASE("texts: every text comes back byte for byte", "[texts]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const RoomId room{1};
    const auto texts = awkward_texts();
    std::vector<Message> messages;
    for (const std::string& text : texts) {
        messages.push_back(a_message(room, static_cast<std::int64_t>(messages.size()) + 1, text));
        messages.back().subject = text.substr(0, 60) == text ? std::optional{text} : std::nullopt;
    }
    // One by one, then many in a statement: the longest after the shortest, and the other way.
    content.write([&](ContentTransaction& tx) -> Result<void> {
        REQUIRE_OK(tx.messages().raise({room, static_cast<std::int64_t>(messages.size()) * 2, 0, 1})
        );
        for (const Message& message : messages)
            if (Result<void> done = tx.messages().insert(std::span{&message, 1}); !done)
                return done;
        std::vector<Message> again = messages;
        for (Message& message : again)
            message.seq += static_cast<std::int64_t>(messages.size());
        return tx.messages().insert(again);
    });
    const auto check = [&](const std::vector<Message>& found) {
        REQUIRE(found.size() == 2 * texts.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Message& wanted = messages[i % texts.size()];
            INFO("text " << i % texts.size() << ": " << wanted.body.substr(0, 40));
            CHECK(found[i].body.size() == wanted.body.size());
            CHECK((found[i].body == wanted.body));
            CHECK(found[i].subject.has_value() == wanted.subject.has_value());
            CHECK((found[i].subject == wanted.subject));
        }
    };
    check(content.read([&](ContentTransaction& tx) { return tx.messages().after(room, 0, 1000); }));
    // By the same statement, once more.
    check(content.read([&](ContentTransaction& tx) { return tx.messages().after(room, 0, 1000); }));
}

TEST_CASE("texts: numbers come back to the last bit", "[texts]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const RoomId room{1};
    const std::int64_t least = std::numeric_limits<std::int64_t>::min();
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    Message low = a_message(room, least, "low");
    low.at = least;
    low.sender = PrincipalId{least};
    low.changed_at = least;
    Message high = a_message(room, most, "high");
    high.at = most;
    high.sender = PrincipalId{most};
    high.file = FileId{most};
    const Message both[] = {low, high};
    content.write([&](ContentTransaction& tx) { return tx.messages().insert(both); });
    const auto first =
        content.read([&](ContentTransaction& tx) { return tx.messages().find(room, least); });
    REQUIRE(first);
    CHECK(first->at == least);
    CHECK(first->sender.value == least);
    CHECK(first->changed_at == least);
    const auto last =
        content.read([&](ContentTransaction& tx) { return tx.messages().find(room, most); });
    REQUIRE(last);
    CHECK(last->at == most);
    CHECK(last->file->value == most);
}

TEST_CASE("texts: nothing of a value is in an error", "[texts]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const Message twice[] = {
        a_message(RoomId{1}, 1, "very secret"), a_message(RoomId{1}, 1, "very secret")};
    const Result<void> failed =
        content.try_write([&](ContentTransaction& tx) { return tx.messages().insert(twice); });
    REQUIRE_ERR(failed, Errc::conflict, "");
    CHECK(failed.error().message.find("secret") == std::string::npos);
}

TEST_CASE(
    "stores: after an error nothing is committed, whatever the caller makes of it", "[texts]"
) {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const Message one[] = {a_message(RoomId{1}, 1, "kept?")};
    const Message two[] = {a_message(RoomId{1}, 2, "a"), a_message(RoomId{1}, 2, "b")};
    const Result<void> done = content.try_write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> first = tx.messages().insert(one); !first)
            return first;
        Result<void> second = tx.messages().insert(two);
        CHECK_FALSE(second);
        return second;
    });
    CHECK_FALSE(done);
    CHECK(content.read([](ContentTransaction& tx) { return tx.messages().after(RoomId{1}, 0, 10); }
    ).empty());
}
