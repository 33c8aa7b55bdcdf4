// SPDX-License-Identifier: Apache-2.0
// A node that is killed, stands still or is not there yet.
#include "tests/integration/bus/counter.h"
#include "tests/integration/bus/recorder.h"
#include "tests/integration/bus/rig.h"
#include "tests/support/catch.h"
#include "tests/support/child_program.h"
#include "tests/support/expect.h"
#include "tests/support/odd_port.h"

#include <csignal>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

const SystemClock real_clock;

std::unique_ptr<bus::NatsBus> start(bus::NatsOptions options, bus::BusListener& listener) {
    auto made = bus::NatsBus::start(std::move(options), listener, real_clock);
    REQUIRE_OK(made);
    return std::move(*made);
}

}  // namespace

TEST_CASE("nats bus: starts without a node and links when one comes", "[bus]") {
    auto node = NatsServer::start();
    if (!node)
        return;
    node->kill9();
    Recorder told;
    const auto end = start(options_for({node->address()}), told);
    end->subscribe("pchat.a");
    end->publish("pchat.a", "nobody is there");
    REQUIRE(until([&] { return !end->status().error.empty(); }));
    CHECK_FALSE(end->status().linked);
    CHECK(end->status().error == "bus node " + node->address().written() + " is not there");
    CHECK(end->status().counts.lost_unlinked == 1);
    CHECK_FALSE(end->settle(1ms));
    node->restart();
    REQUIRE(told.wait_for("linked"));
    CHECK(end->status().server == node->address().written());
    Recorder ignored;
    const auto speaker = start(options_for({node->address()}), ignored);
    REQUIRE(ignored.wait_for("linked"));
    speaker->publish("pchat.a", "now");
    CHECK(told.wait_for("pchat.a now"));
}

TEST_CASE("nats bus: ends while there is no node", "[bus]") {
    const std::uint16_t nobody = free_port();
    Recorder told;
    const auto end = start(options_for({{"127.0.0.1", nobody}}), told);
    REQUIRE(until([&] { return !end->status().error.empty(); }));
    end->stop();
    CHECK(told.all().empty());
}

TEST_CASE("nats bus: ends while a node keeps it waiting", "[bus]") {
    // Takes connections and says nothing, as a machine does that hangs.
    const OddPort silent{OddPort::Manner::silent};
    Recorder told;
    bus::NatsOptions options =
        options_for({{"127.0.0.1", static_cast<std::uint16_t>(silent.number())}});
    options.patience = 1h;
    const auto end = start(std::move(options), told);
    std::this_thread::sleep_for(50ms);  // into the middle of it
    end->stop();
    CHECK(told.all().empty());
}

TEST_CASE("nats bus: what answers and is no node is named", "[bus]") {
    const OddPort web{OddPort::Manner::other};
    Recorder told;
    const auto end =
        start(options_for({{"127.0.0.1", static_cast<std::uint16_t>(web.number())}}), told);
    REQUIRE(until([&] { return !end->status().error.empty(); }));
    CHECK_THAT(end->status().error, Catch::Contains(std::to_string(web.number())));
    CHECK(told.all().empty());
}

TEST_CASE("nats bus: a node that is killed and comes back", "[bus]") {
    auto node = NatsServer::start();
    if (!node)
        return;
    Recorder told;
    Recorder speaking;
    const auto listener = start(options_for({node->address()}), told);
    const auto speaker = start(options_for({node->address()}), speaking);
    listener->subscribe("pchat.a");
    for (int round = 1; round <= 3; ++round) {
        const auto links = static_cast<std::size_t>(round);
        REQUIRE(told.wait_for("linked", links));
        REQUIRE(speaking.wait_for("linked", links));
        const std::string words = "round " + std::to_string(round);
        speaker->publish("pchat.a", words);
        REQUIRE(told.wait_for("pchat.a " + words));
        node->kill9();
        REQUIRE(told.wait_for("unlinked", links));
        node->restart();
    }
    REQUIRE(told.wait_for("linked", 4));
    CHECK(listener->status().counts.reconnects == 3);
    CHECK_THAT(listener->status().error, Catch::Contains(node->address().written()));
}

TEST_CASE("nats bus: a node that stands still is noticed", "[bus]") {
    auto node = NatsServer::start();
    if (!node)
        return;
    Recorder told;
    const auto end = start(options_for({node->address()}), told);
    end->subscribe("pchat.a");
    REQUIRE(told.wait_for("linked"));
    node->signal(SIGSTOP);
    // Nothing is said meanwhile: it is the pings that find out.
    REQUIRE(told.wait_for("unlinked"));
    REQUIRE(until([&] { return end->status().error.find("does not answer") != std::string::npos; })
    );
    node->signal(SIGCONT);
    REQUIRE(told.wait_for("linked", 2));
    Recorder speaking;
    const auto speaker = start(options_for({node->address()}), speaking);
    REQUIRE(speaking.wait_for("linked"));
    speaker->publish("pchat.a", "again");
    CHECK(told.wait_for("pchat.a again"));
}

TEST_CASE("nats bus: who speaks never waits, what is too much is counted", "[bus]") {
    auto node = NatsServer::start();
    if (!node)
        return;
    constexpr std::size_t said = 50'000;
    Counter told;
    bus::NatsOptions options = options_for({node->address()});
    options.bounds = {1'000, 10'000'000};
    options.patience = 1h;  // so that nothing but the stopped node decides how long it takes
    options.ping_interval = 1h;
    const auto end = start(std::move(options), told);
    REQUIRE(told.wait_for_link());
    node->signal(SIGSTOP);
    for (std::size_t i = 1; i <= said; ++i)
        end->publish("pchat.a", numbered("me", i, 1'000));
    // All of it was said while the node stands still.
    const bus::BusStatus before = end->status();
    CHECK(before.linked);
    CHECK(before.counts.lost_full >= said / 2);
    node->signal(SIGCONT);
    REQUIRE(end->settle(long_enough));
    const bus::BusCounts after = end->status().counts;
    CHECK(after.published + after.lost_full == said);
}

TEST_CASE("nats bus: options that cannot be right are refused at once", "[bus]") {
    Recorder told;
    CHECK_FALSE(bus::NatsBus::start({}, told, real_clock).has_value());
}
