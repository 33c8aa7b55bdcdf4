// SPDX-License-Identifier: Apache-2.0
#include "server/api/departure.h"
#include "server/service/pool_admin.h"
#include "tests/unit/server/api/session_rig.h"

using namespace pchat;
using namespace std::chrono_literals;
using test::SessionRig;
using test::Visitor;

namespace {

/// People at a server that is drained; how many were asked to go is counted turn by turn.
struct Crowd {
    SessionRig rig;
    const std::size_t threads;
    std::vector<std::unique_ptr<Visitor>> people;
    api::Departure departure{*rig.world.chat, rig.hub};

    Crowd(std::size_t threads_, std::size_t count) : rig(threads_), threads(threads_) {
        for (std::size_t i = 0; i < count; ++i)
            people.push_back(std::make_unique<Visitor>(rig, "user" + std::to_string(i), i % threads)
            );
        for (const auto& one : people)
            one->socket().wait_for("type", "welcome");
    }
    void drain(std::chrono::seconds within) {
        REQUIRE_OK(change_drain(
            *rig.world.changes, rig.world.as("admin"), "pc1.contoso.example", true, within
        ));
        REQUIRE_OK(departure.learn());
    }
    std::size_t asked() {
        std::size_t out = 0;
        for (const auto& one : people)
            out += one->socket().count("moved");
        return out;
    }
    std::size_t after_turn() {
        departure.turn();
        for (std::size_t i = 0; i < threads; ++i)
            rig.on_thread(i, [] {});
        return asked();
    }
};

constexpr std::size_t of_a_turn = 200 / api::Departure::turns_a_second;

}  // namespace

TEST_CASE("departure: 200 a second are asked to go, each once", "[pool]") {
    Crowd crowd{GENERATE(std::size_t{1}, std::size_t{3}), 130};
    INFO(crowd.threads);
    CHECK(crowd.after_turn() == 0);  // it takes users
    crowd.drain(1h);
    for (std::size_t turn = 1; turn <= 5; ++turn)
        CHECK(crowd.after_turn() == std::min(turn * of_a_turn, crowd.people.size()));
    for (const auto& one : crowd.people)
        CHECK(one->socket().count("moved") == 1);
}

TEST_CASE("departure: in a hurry more are asked, all in half of the time", "[pool]") {
    Crowd crowd{1, 130};
    crowd.drain(1s);
    std::size_t asked = 0;
    for (int turn = 0; turn < api::Departure::turns_a_second / 2; ++turn)
        asked = crowd.after_turn();
    CHECK(asked == crowd.people.size());
}
