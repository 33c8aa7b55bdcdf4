// SPDX-License-Identifier: Apache-2.0
// The same messages are found on every backend: those whose text fits, newest first.
#include "server/service/message_admin.h"
#include "server/service/search.h"
#include "server/service/search_index.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "tests/integration/db/backend.h"
#include "tests/integration/db/contract.h"
#include "tests/support/chat_world.h"

#include <random>

using namespace pchat;
using namespace pchat::test;

namespace {

struct Stored {
    explicit Stored(const std::string& backend) {
        for (const sql::Engine engine : engines())
            if (sql::to_string(engine) == backend) {
                empty = std::make_unique<EmptyDatabase>(engine);
                REQUIRE_OK(
                    sql::migrate_database(empty->target(), sql::Purpose::content, SystemClock{})
                );
            }
        world = std::make_unique<ChatWorld>(
            nullptr, empty ? sql::open_content(empty->target()) : nullptr
        );
    }
    std::unique_ptr<EmptyDatabase> empty;
    std::unique_ptr<ChatWorld> world;
};

const std::vector<std::string> vocabulary{
    "Fish",
    "fish",
    "bird",
    "web-01",
    "Straße",
    "STRASSE",
    "東京",
    "京都",
    "\U0001F680",
    "zoe\u0308",
    "Zo\u00EB",
    "Привет",
    "a@b.example",
    "ไทย",
    "c++"};

std::string sentence(std::mt19937& random) {
    std::string out;
    for (auto words = random() % 6 + 1; words > 0; --words)
        out += vocabulary[random() % vocabulary.size()] + (random() % 4 == 0 ? ", " : " ");
    return out;
}

/// What a search must find, by looking at every message.
std::vector<std::string> expected(
    const std::vector<Message>& all, const SearchPattern& pattern, PrincipalId from
) {
    std::vector<const Message*> fitting;
    for (const Message& message : all)
        if (message.change != MessageChange::removed && (!from || message.sender == from) &&
            pattern.fits(message.body))
            fitting.push_back(&message);
    std::sort(fitting.begin(), fitting.end(), [](const Message* a, const Message* b) {
        return std::tie(a->at, a->room, a->seq) > std::tie(b->at, b->room, b->seq);
    });
    std::vector<std::string> out;
    for (const Message* message : fitting)
        out.push_back(message->body);
    return out;
}

}  // namespace

TEST_CASE("search contract: every backend finds what a look at every text finds", "[search]") {
    Stored stored{GENERATE(from_range(backends()))};
    ChatWorld& world = *stored.world;
    std::mt19937 random{11};
    const std::vector<PrincipalId> users{world.user("ann"), world.user("bob")};
    std::vector<RoomId> rooms;
    for (const char* name : {"Lobby", "Attic", "Cellar"})
        rooms.push_back(world.room(name, "General", {users}));
    SearchIndex index{*world.chat};
    for (int i = 0; i < 400; ++i) {
        world.post(users[random() % 2], rooms[random() % 3], sentence(random));
        if (random() % 3 != 0)
            world.clock.pass(std::chrono::microseconds{random() % 5'000'000});
        if (i % 100 == 50)
            REQUIRE_OK(index.catch_up());
    }
    const AdminCall admin = world.as("admin");
    for (std::int64_t seq = 3; seq < 100; seq += 9) {
        REQUIRE_OK(remove_message(*world.changes, admin, "Lobby", seq));
        REQUIRE_OK(replace_message(*world.changes, admin, "Lobby", seq + 1, {sentence(random), {}})
        );
    }
    REQUIRE_OK(index.catch_up());
    std::vector<Message> all;
    for (const RoomId room : rooms) {
        const auto page = world.chat->after(room, 0, 1000);
        REQUIRE_OK(page);
        all.insert(all.end(), page->messages.begin(), page->messages.end());
    }
    REQUIRE(all.size() == 400);
    for (int i = 0; i < 60; ++i) {
        SearchQuery query;
        query.text = sentence(random);
        if (random() % 2 == 0)
            query.text = vocabulary[random() % vocabulary.size()];
        query.match = static_cast<SearchMatch>(random() % 3);
        query.match_case = random() % 3 == 0;
        query.limit = static_cast<int>(random() % 40 + 1);
        PrincipalId from;
        if (random() % 3 == 0) {
            from = users[0];
            query.from = sip("ann");
        }
        INFO(query.text << " " << static_cast<int>(query.match));
        std::vector<std::string> found;
        do {
            const auto hits = search(*world.chat, users[1], query);
            REQUIRE_OK(hits);
            for (const Message& message : hits->messages)
                found.push_back(message.body);
            query.cursor = hits->cursor;
        } while (query.cursor);
        CHECK(found == expected(all, {query.text, query.match, query.match_case}, from));
    }
}
