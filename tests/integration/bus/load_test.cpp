// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/bus/counter.h"
#include "tests/integration/bus/rig.h"
#include "tests/support/catch.h"

using namespace pchat;
using namespace pchat::test;

TEST_CASE("nats bus: ten thousand subscriptions, over a new link too", "[bus]") {
    const auto rig = make_rig("nats");
    if (!rig)
        return;
    constexpr std::size_t rooms = 10'000;
    Counter heard;
    Counter speaking;
    const auto listener = rig->join(heard);
    const auto speaker = rig->join(speaking);
    REQUIRE(heard.wait_for_link());
    REQUIRE(speaking.wait_for_link());
    const auto room = [](std::size_t number) { return "pchat.room." + std::to_string(number); };
    for (std::size_t i = 0; i < rooms; ++i)
        listener->subscribe(room(i));
    REQUIRE(listener->settle(long_enough));
    for (std::size_t i = 0; i < rooms; ++i)
        speaker->publish(room(i), numbered("me", i + 1));
    REQUIRE(heard.wait_for(rooms));
    CHECK(heard.subjects() == rooms);

    rig->take_away();
    REQUIRE(until([&] { return !listener->status().linked && !speaker->status().linked; }));
    rig->bring_back();
    REQUIRE(heard.wait_for_link(2));
    REQUIRE(speaking.wait_for_link(2));
    for (std::size_t i = 0; i < rooms; ++i)
        speaker->publish(room(i), numbered("me", rooms + i + 1));
    REQUIRE(heard.wait_for(2 * rooms));
    CHECK(heard.out_of_order() == 0);

    for (std::size_t i = 1; i < rooms; ++i)
        listener->unsubscribe(room(i));
    REQUIRE(listener->settle(long_enough));
    speaker->publish(room(1), numbered("me", 2 * rooms + 1));
    speaker->publish(room(0), numbered("me", 2 * rooms + 1));
    REQUIRE(heard.wait_for(2 * rooms + 1));
    CHECK(heard.out_of_order() == 0);
}

TEST_CASE("nats bus: a burst of 100,000 messages loses none while there is a link", "[bus]") {
    const auto rig = make_rig("nats");
    if (!rig)
        return;
    constexpr std::size_t messages = 100'000;
    constexpr std::size_t rooms = 100;
    Counter heard;
    Counter ignored;
    const auto listener = rig->join(heard);
    const auto speaker = rig->join(ignored);
    REQUIRE(heard.wait_for_link());
    for (std::size_t i = 0; i < rooms; ++i)
        listener->subscribe("pchat.room." + std::to_string(i));
    REQUIRE(listener->settle(long_enough));
    for (std::size_t i = 1; i <= messages; ++i)
        speaker->publish("pchat.room." + std::to_string(i % rooms), numbered("me", i, 300));
    REQUIRE(heard.wait_for(messages));
    CHECK(heard.out_of_order() == 0);
    const bus::BusCounts sent = speaker->status().counts;
    CHECK(sent.lost_full == 0);
    CHECK(sent.lost_unlinked == 0);
    CHECK(listener->status().counts.missed == 0);
    CHECK(heard.messages() == messages);
}
