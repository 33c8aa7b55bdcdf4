// SPDX-License-Identifier: Apache-2.0
#include "server/pool/pool_message.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace pchat;

namespace {

Remembered message(std::int64_t seq, std::string text, bool transit = false) {
    return {seq, std::make_shared<const std::string>(std::move(text)), transit};
}

}  // namespace

TEST_CASE("pool message: what is said comes out as it went in", "[pool]") {
    const std::vector<Remembered> messages{
        message(7, R"("body":"one")"), message(8, std::string{"\0\xff", 2}, true), message(9, "")};
    const auto said = pool::read_said(pool::write_said(RoomId{42}, messages));
    REQUIRE_OK(said);
    CHECK(said->room == RoomId{42});
    REQUIRE(said->messages.size() == 3);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        CHECK(said->messages[i].seq == messages[i].seq);
        CHECK(said->messages[i].transit == messages[i].transit);
        CHECK(*said->messages[i].text == *messages[i].text);
    }
}

TEST_CASE("pool message: so does an entry of a log", "[pool]") {
    LogNews logged;
    logged.n = 99;
    logged.body.heads = {{RoomId{1}, 10, 3}, {RoomId{2}, 5, 1}};
    logged.body.touched.rooms = {RoomId{4}};
    logged.body.touched.policies = true;
    logged.body.touched.expired = {{RoomId{3}, 20, 21}};
    logged.body.touched.invited = {{PrincipalId{5}, 6, RoomId{7}, 8, PrincipalId{9}}};
    const std::vector<Told> told{{PrincipalId{3}, RoomId{2}, 5, R"({"type":"notice"})"}};
    const auto entry = pool::read_entry(pool::write_entry(ServerId{2}, logged, told));
    REQUIRE_OK(entry);
    CHECK(entry->server == ServerId{2});
    CHECK(entry->logged.n == 99);
    REQUIRE(entry->logged.body.heads.size() == 2);
    CHECK(entry->logged.body.heads[0].last == 10);
    CHECK(entry->logged.body.heads[0].count == 3);
    CHECK(entry->logged.body.touched.rooms == std::vector{RoomId{4}});
    CHECK(entry->logged.body.touched.policies);
    REQUIRE(entry->logged.body.touched.expired.size() == 1);
    CHECK(entry->logged.body.touched.expired[0].last == 20);
    CHECK(entry->logged.body.touched.expired[0].first == 21);
    REQUIRE(entry->logged.body.touched.invited.size() == 1);
    CHECK(entry->logged.body.touched.invited[0].room == RoomId{7});
    CHECK(entry->logged.body.touched.invited[0].invited_by == PrincipalId{9});
    REQUIRE(entry->told.size() == 1);
    CHECK(entry->told[0].user == PrincipalId{3});
    CHECK(entry->told[0].room == RoomId{2});
    CHECK(entry->told[0].seq == 5);
    CHECK(entry->told[0].text == R"({"type":"notice"})");
}

TEST_CASE("pool message: whatever else comes is refused", "[pool]") {
    const std::vector<Remembered> messages{message(7, "one"), message(8, "two")};
    const std::string said = pool::write_said(RoomId{42}, messages);
    const std::string entry = pool::write_entry(ServerId{2}, {}, {});
    for (std::size_t size = 0; size < said.size(); ++size)
        CHECK_FALSE(pool::read_said(std::string_view{said}.substr(0, size)));
    for (std::size_t size = 0; size < entry.size(); ++size)
        CHECK_FALSE(pool::read_entry(std::string_view{entry}.substr(0, size)));
    CHECK_FALSE(pool::read_said(said + "x"));
    CHECK_FALSE(pool::read_said(entry));
    CHECK_FALSE(pool::read_entry(said));
    // Counts and lengths beyond what there is must not be believed.
    std::mt19937 random{1};
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = round % 2 == 0 ? said : entry;
        for (int i = 0; i < 3; ++i)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        (void)pool::read_said(bytes);
        (void)pool::read_entry(bytes);
    }
}
