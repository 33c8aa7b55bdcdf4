// SPDX-License-Identifier: Apache-2.0
// Three nodes with TLS and passwords everywhere, as a pool has them.
#include "tests/integration/bus/authority.h"
#include "tests/integration/bus/counter.h"
#include "tests/integration/bus/recorder.h"
#include "tests/integration/bus/rig.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <csignal>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

const SystemClock real_clock;
constexpr const char* password = "a 'hard' one; { $env } # é";

struct Pool {
    Authority authority{"pool"};
    std::vector<std::unique_ptr<NatsServer>> nodes;

    Pool() {
        bus::NatsNode node;
        node.client_tls = authority.issue("node", "IP:127.0.0.1");
        node.route_tls = node.client_tls;
        for (const char* user : {"server1", "server2", "server3"})
            node.users.push_back({user, Secret{password}});
        nodes = NatsServer::start_cluster({"n1", "n2", "n3"}, node);
    }
    /// The server that stands beside this node and tries it first.
    [[nodiscard]] std::unique_ptr<bus::NatsBus> join(std::size_t first, bus::BusListener& listener)
        const {
        std::vector<bus::NodeAddress> addresses;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            addresses.push_back(nodes[(first + i) % nodes.size()]->address());
        bus::NatsOptions options = options_for(addresses);
        options.user = "server" + std::to_string(first + 1);
        options.password = Secret{password};
        options.tls = authority.issue(options.user, "DNS:" + options.user);
        auto made = bus::NatsBus::start(std::move(options), listener, real_clock);
        REQUIRE_OK(made);
        REQUIRE(until([&] { return (*made)->status().linked; }));
        return std::move(*made);
    }
};

/// Until what one says comes to the other: the nodes tell each other of subscriptions in their own
/// time.
bool hears(Recorder& told, bus::Bus& speaker, const std::string& words) {
    return until([&] {
        speaker.publish("pchat.a", words);
        return told.comes_within("pchat.a " + words, 20ms);
    });
}

}  // namespace

TEST_CASE("nats cluster: what is said at one node comes from the others", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Pool pool;
    Recorder first;
    Recorder second;
    Recorder third;
    const auto one = pool.join(0, first);
    const auto two = pool.join(1, second);
    const auto three = pool.join(2, third);
    CHECK(one->status().server == pool.nodes[0]->address().written());
    CHECK(two->status().server == pool.nodes[1]->address().written());
    two->subscribe("pchat.a");
    three->subscribe("pchat.a");
    CHECK(hears(second, *one, "hello"));
    CHECK(hears(third, *one, "hello"));
    REQUIRE(first.wait_for("linked"));
    CHECK(first.all() == std::vector<std::string>{"linked"});
}

TEST_CASE("nats cluster: order is kept between nodes", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Pool pool;
    constexpr std::size_t messages = 20'000;
    class Both : public Counter {
    public:
        void received(std::string_view subject, std::string_view bytes) override {
            if (subject == "pchat.a")
                recorder.received(subject, bytes);
            else
                Counter::received(subject, bytes);
        }
        Recorder recorder;
    };
    Both heard;
    Counter ignored;
    const auto listener = pool.join(0, heard);
    const auto speaker = pool.join(2, ignored);
    for (std::size_t i = 0; i < 100; ++i)
        listener->subscribe("pchat.room." + std::to_string(i));
    listener->subscribe("pchat.a");
    REQUIRE(hears(heard.recorder, *speaker, "ready"));
    for (std::size_t i = 1; i <= messages; ++i)
        speaker->publish("pchat.room." + std::to_string(i % 100), numbered("me", i, 300));
    REQUIRE(heard.wait_for(messages));
    CHECK(heard.out_of_order() == 0);
}

TEST_CASE("nats cluster: a server whose node is killed goes to another one", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Pool pool;
    Recorder told;
    Recorder speaking;
    const auto listener = pool.join(0, told);
    const auto speaker = pool.join(2, speaking);
    listener->subscribe("pchat.a");
    REQUIRE(hears(told, *speaker, "before"));
    pool.nodes[0]->kill9();
    REQUIRE(told.wait_for("unlinked"));
    REQUIRE(told.wait_for("linked", 2));
    CHECK(listener->status().server != pool.nodes[0]->address().written());
    CHECK(hears(told, *speaker, "after"));
    CHECK(speaking.count("unlinked") == 0);
}

TEST_CASE("nats cluster: a node that stands still holds up its own servers only", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Pool pool;
    Recorder told;
    Recorder other;
    Recorder speaking;
    const auto listener = pool.join(0, told);
    const auto bystander = pool.join(1, other);
    const auto speaker = pool.join(2, speaking);
    listener->subscribe("pchat.a");
    bystander->subscribe("pchat.a");
    REQUIRE(hears(told, *speaker, "before"));
    REQUIRE(hears(other, *speaker, "before"));
    pool.nodes[0]->signal(SIGSTOP);
    CHECK(hears(other, *speaker, "meanwhile"));
    REQUIRE(told.wait_for("unlinked"));
    REQUIRE(told.wait_for("linked", 2));
    CHECK(hears(told, *speaker, "after"));
    CHECK(other.count("unlinked") == 0);
}
