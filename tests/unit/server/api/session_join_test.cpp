// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/api/session_rig.h"

using namespace pchat;
using namespace std::chrono_literals;
using nlohmann::json;
using Rig = test::SessionRig;
using test::Visitor;

namespace {

std::size_t messages_in(const json& answer) {
    return answer.value("messages", json::array()).size();
}

}  // namespace

TEST_CASE("join: a silent database is no missing room", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    rig.world.post(ann, rig.world.room("Lobby", "General", {{ann}}), "hello");
    Visitor visitor{rig, "ann"};
    // The room is opened, and then nothing is heard for long.
    rig.world.encode = [&](const Message& message) {
        rig.sight_clock.pass(61s);
        return rig.encoded(message);
    };
    const json answer = visitor.join("1", 0);
    INFO(answer.dump());
    CHECK(answer.dump().find("database-unavailable") != std::string::npos);
    CHECK(answer.dump().find("room-not-found") == std::string::npos);
}

TEST_CASE("join: messages without history are for who was there", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    const PrincipalId bob = rig.world.user("bob");
    const PrincipalId eve = rig.world.user("eve");
    rig.world.category("Transit", {.allowed = {rig.world.everyone()}, .history = false});
    const RoomId room = rig.world.room("Lobby", "Transit", {{ann, bob, eve}});
    rig.world.post(ann, room, "before bob came");
    {
        Visitor visitor{rig, "bob"};
        const json first = visitor.join("1", 0);
        CHECK(messages_in(first) == 0);
        CHECK(first["gap"] == true);
        rig.world.post(ann, room, "while bob is here");
    }
    rig.world.post(ann, room, "while bob is away");
    const bool from_database = GENERATE(false, true);
    if (from_database)
        rig.world.book.with(room, [](LiveRoom& live) {
            while (live.recent.size() > 1)
                live.recent.pop_front();
        });
    Visitor again{rig, "bob"};
    const json missed = again.join("2", 1);
    INFO(missed.dump());
    CHECK(messages_in(missed) == 2);
    CHECK(missed["gap"] == false);
    Visitor stranger{rig, "eve"};
    const json nothing = stranger.join("3", 0);
    INFO(nothing.dump());
    CHECK(messages_in(nothing) == 0);
    CHECK(nothing["gap"] == true);
    CHECK(nothing["head"] == 3);
}

TEST_CASE("join: a server that has heard less than the reader asks the database", "[session]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    const RoomId room = rig.world.room("Lobby", "General", {{ann}});
    rig.world.post(ann, room, "known here");
    Visitor visitor{rig, "ann"};
    REQUIRE(visitor.join("1", 0)["head"] == 1);
    // Another server of the pool, at which the reader was, has stored one more.
    rig.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto head = tx.messages().raise({room, 1, 9, 1});
        if (!head)
            return pchat::pass(head.error());
        Message message;
        message.room = room;
        message.seq = head->last_seq;
        message.at = head->last_at;
        message.sender = ann;
        message.body = "elsewhere";
        return tx.messages().insert(std::vector{message});
    });
    const json nothing = visitor.join("2", 2);
    INFO(nothing.dump());
    CHECK(nothing["head"] == 2);
    CHECK(nothing["gap"] == false);
    CHECK(messages_in(nothing) == 0);
    // Of another history: there is no such message anywhere.
    const json strange = visitor.join("3", 3);
    INFO(strange.dump());
    CHECK(strange["head"] == 2);
    CHECK(strange["gap"] == true);
}
