// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/service/message_admin.h"
#include "server/service/search.h"
#include "server/service/search_index.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <algorithm>

using namespace pchat;
using namespace std::chrono_literals;
using test::ChatWorld;

namespace {

using Bodies = std::vector<std::string>;

/// Two people in two rooms, one of which only bob may read.
struct Talk {
    Talk()
        : ann(world.user("ann")), bob(world.user("bob")),
          lobby(world.room("Lobby", "General", {{ann, bob}})),
          cellar(world.room("Cellar", "General", {{bob}})), index(*world.chat) {}

    void say(PrincipalId who, RoomId room, const std::string& body) {
        world.post(who, room, body);
        world.clock.pass(1s);
    }
    SearchHits find(PrincipalId who, SearchQuery query, SearchLimits limits = {}) {
        REQUIRE_OK(index.catch_up());
        auto hits = search(*world.chat, who, query, limits);
        REQUIRE_OK(hits);
        return *hits;
    }
    Bodies bodies(PrincipalId who, const SearchQuery& query) {
        Bodies out;
        for (const Message& message : find(who, query).messages)
            out.push_back(message.body);
        return out;
    }

    ChatWorld world;
    PrincipalId ann;
    PrincipalId bob;
    RoomId lobby;
    RoomId cellar;
    SearchIndex index;
};

SearchQuery text(std::string words) {
    SearchQuery out;
    out.text = std::move(words);
    return out;
}

std::string reason(const Result<SearchHits>& hits) {
    return hits ? "found" : std::string{error_token(hits.error())};
}

}  // namespace

TEST_CASE("search: newest first, of rooms that the user may read", "[search]") {
    Talk talk;
    talk.say(talk.ann, talk.lobby, "the deploy begins");
    talk.say(talk.bob, talk.cellar, "secret deploy");
    talk.say(talk.bob, talk.lobby, "Deploy done");
    CHECK(
        talk.bodies(talk.bob, text("deploy")) ==
        Bodies{"Deploy done", "secret deploy", "the deploy begins"}
    );
    CHECK(talk.bodies(talk.ann, text("DEPLOY")) == Bodies{"Deploy done", "the deploy begins"});
    CHECK(talk.bodies(talk.ann, text("deploy done")) == Bodies{"Deploy done"});
    CHECK(talk.bodies(talk.world.user("eve"), text("deploy")).empty());
}

TEST_CASE("search: narrowed by room, sender, time, match and case", "[search]") {
    Talk talk;
    const Microseconds begin = talk.world.clock.now();
    talk.say(talk.ann, talk.lobby, "red Apple pie");
    talk.say(talk.bob, talk.lobby, "apple, red");
    talk.say(talk.bob, talk.cellar, "red pie");
    SearchQuery query = text("red");
    query.rooms = {"Cellar"};
    CHECK(talk.bodies(talk.bob, query) == Bodies{"red pie"});
    query = text("red");
    query.from = test::sip("ann");
    CHECK(talk.bodies(talk.bob, query) == Bodies{"red Apple pie"});
    query = text("red");
    query.from_time = begin + 1'000'000;
    query.to_time = begin + 1'500'000;
    CHECK(talk.bodies(talk.bob, query) == Bodies{"apple, red"});
    query = text("apple pie");
    query.match = SearchMatch::any;
    CHECK(talk.bodies(talk.bob, query) == Bodies{"red pie", "apple, red", "red Apple pie"});
    query.match = SearchMatch::exact;
    CHECK(talk.bodies(talk.bob, query) == Bodies{"red Apple pie"});
    query = text("Apple");
    query.match_case = true;
    CHECK(talk.bodies(talk.bob, query) == Bodies{"red Apple pie"});
}

TEST_CASE("search: what was removed, replaced or cleared is not found any more", "[search]") {
    Talk talk;
    for (const char* body : {"fish one", "fish two", "fish three", "fish four"})
        talk.say(talk.ann, talk.lobby, body);
    const bool indexed_before = GENERATE(true, false);
    if (indexed_before)
        CHECK(talk.bodies(talk.ann, text("fish")).size() == 4);
    Changes& changes = *talk.world.changes;
    const AdminCall admin = talk.world.as("admin");
    REQUIRE_OK(remove_message(changes, admin, "Lobby", 2));
    REQUIRE_OK(replace_message(changes, admin, "Lobby", 3, {"bird three", {}}));
    // At once, before the index knows.
    const auto stale = search(*talk.world.chat, talk.ann, text("fish"));
    REQUIRE_OK(stale);
    CHECK(stale->messages.size() == (indexed_before ? 2 : 0));
    CHECK(talk.bodies(talk.ann, text("fish")) == Bodies{"fish four", "fish one"});
    CHECK(talk.bodies(talk.ann, text("bird")) == Bodies{"bird three"});
    REQUIRE_OK(clear_room(changes, admin, "Lobby", {4, {}}));
    CHECK(talk.bodies(talk.ann, text("fish")) == Bodies{"fish four"});
    CHECK(talk.bodies(talk.ann, text("bird")).empty());
}

TEST_CASE(
    "search: rooms without history and messages from such times are never found", "[search]"
) {
    Talk talk;
    test::CategoryScope scope;
    scope.allowed = {talk.world.everyone()};
    scope.history = false;
    talk.world.category("Whispers", scope);
    const RoomId room = talk.world.room("Corner", "Whispers", {{talk.ann}});
    talk.world.write([&](ContentTransaction& tx) -> Result<void> {
        if (const auto head = tx.messages().raise({talk.lobby, 1, 6, 1}); !head)
            return pass(head.error());
        Message message;
        message.room = talk.lobby;
        message.seq = 1;
        message.sender = talk.bob;
        message.transit = true;
        message.body = "hush now";
        return tx.messages().insert(std::span{&message, 1});
    });
    talk.say(talk.ann, room, "hush");
    CHECK(talk.bodies(talk.ann, text("hush")).empty());
    SearchQuery query = text("hush");
    query.rooms = {"Corner"};
    CHECK(reason(search(*talk.world.chat, talk.ann, query)) == "not-allowed");
}

TEST_CASE("search: pages follow each other without gap or repeat while messages come", "[search]") {
    Talk talk;
    for (int i = 0; i < 10; ++i)
        talk.say(talk.ann, talk.lobby, "page " + std::to_string(i));
    SearchQuery query = text("page");
    query.limit = 3;
    Bodies all;
    do {
        const SearchHits hits = talk.find(talk.ann, query);
        for (const Message& message : hits.messages)
            all.push_back(message.body);
        query.cursor = hits.cursor;
        talk.say(talk.bob, talk.lobby, "page more");
    } while (query.cursor);
    CHECK(
        all ==
        Bodies{
            "page 9",
            "page 8",
            "page 7",
            "page 6",
            "page 5",
            "page 4",
            "page 3",
            "page 2",
            "page 1",
            "page 0"}
    );
}

TEST_CASE("search: a call looks at so much, and the cursor goes on from there", "[search]") {
    Talk talk;
    for (int i = 0; i < 60; ++i)
        talk.say(talk.ann, talk.lobby, i % 20 == 0 ? "rare bird" : "rare fish bird");
    SearchQuery query = text("rare bird");
    query.match = SearchMatch::exact;
    SearchLimits limits;
    SECTION("texts") {
        limits.messages = 7;
    }
    SECTION("blocks of the index") {
        limits.blocks = 5;
    }
    Bodies all;
    int calls = 0;
    do {
        const SearchHits hits = talk.find(talk.ann, query, limits);
        for (const Message& message : hits.messages)
            all.push_back(message.body);
        query.cursor = hits.cursor;
        REQUIRE(++calls < 100);
    } while (query.cursor);
    CHECK(all.size() == 3);
}

TEST_CASE("search: what makes no sense is refused by name", "[search]") {
    Talk talk;
    const auto refused = [&](const SearchQuery& query) {
        return reason(search(*talk.world.chat, talk.ann, query));
    };
    CHECK(refused(text("...")) == "bad-value");
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += "w" + std::to_string(i) + " ";
    CHECK(refused(text(many)) == "bad-value");
    SearchQuery query = text("x");
    query.rooms = {"Cellar"};
    CHECK(refused(query) == "not-allowed");
    query.rooms = {"Nowhere"};
    CHECK(refused(query) == "room-not-found");
    query = text("x");
    query.from = test::sip("nobody");
    CHECK(refused(query) == "user-not-found");
    query = text("x");
    query.cursor = "1.2";
    CHECK(refused(query) == "bad-cursor");
    query.cursor = "1.2.3x";
    CHECK(refused(query) == "bad-cursor");
}

TEST_CASE("search: compliance knows of each room before it is shown", "[search]") {
    Talk talk;
    talk.say(talk.bob, talk.lobby, "seen here");
    talk.say(talk.bob, talk.cellar, "seen there");
    const auto views = [&] {
        const std::vector<OutboxEntry> outbox = talk.world.outbox();
        return std::count_if(outbox.begin(), outbox.end(), [](const OutboxEntry& entry) {
            return entry.kind == compliance_search;
        });
    };
    CHECK(talk.bodies(talk.bob, text("nothing")).empty());
    CHECK(views() == 0);
    CHECK(talk.bodies(talk.bob, text("seen")).size() == 2);
    CHECK(views() == 2);
}

TEST_CASE("search: a compliance officer finds what is said in every room, audited", "[search]") {
    Talk talk;
    talk.say(talk.bob, talk.cellar, "secret deploy");
    talk.say(talk.ann, talk.lobby, "open deploy");
    REQUIRE_OK(talk.index.catch_up());
    Changes changes{*talk.world.chat};
    const PrincipalId eve = talk.world.user("eve");
    const auto call = [&] {
        AdminCall out;
        out.actor = {eve, "sip:eve@contoso.example", "127.0.0.1", "r1"};
        out.person = talk.world.chat->directory().read([&](const DirectoryState& state) {
            return state.person(eve);
        });
        return out;
    };
    const auto audited = [&] {
        std::vector<std::string> out;
        talk.world.write([&](ContentTransaction& tx) -> Result<void> {
            AuditQuery query;
            query.up_to = talk.world.clock.now();
            query.limit = 100;
            const std::vector<AuditEntry> entries = *tx.audit().list(query);
            for (const AuditEntry& entry : entries)
                if (entry.action == "searched")
                    out.push_back(entry.new_value.value_or(""));
            return {};
        });
        return out;
    };
    CHECK(reason(search_everywhere(changes, call(), text("deploy"))) == "role-missing");
    CHECK(audited().empty());
    talk.world.grant(eve, AdminRole::compliance_officer);
    const auto hits = search_everywhere(changes, call(), text("deploy"));
    REQUIRE_OK(hits);
    CHECK(hits->messages.size() == 2);
    SearchQuery narrow = text("deploy");
    narrow.rooms = {"Cellar"};
    const auto found = search_everywhere(changes, call(), narrow);
    REQUIRE_OK(found);
    REQUIRE(found->messages.size() == 1);
    CHECK(found->messages[0].body == "secret deploy");
    CHECK(audited() == Bodies{R"({"text":"deploy","rooms":"Cellar"})", R"({"text":"deploy"})"});
    CHECK(reason(search_everywhere(changes, call(), text("..."))) == "bad-value");
    narrow.rooms = {"Attic"};
    CHECK(reason(search_everywhere(changes, call(), narrow)) == "room-not-found");
    CHECK(audited().size() == 2);
}
