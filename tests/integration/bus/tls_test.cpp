// SPDX-License-Identifier: Apache-2.0
// Who is let in, and what is said of why not.
#include "tests/integration/bus/authority.h"
#include "tests/integration/bus/counter.h"
#include "tests/integration/bus/recorder.h"
#include "tests/integration/bus/rig.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/mute_port.h"

#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

const SystemClock real_clock;
constexpr const char* password = "right one";

/// A node with TLS both ways and one user.
struct Node {
    Authority authority{"pool"};
    std::unique_ptr<NatsServer> server;

    explicit Node(const std::string& for_whom = "IP:127.0.0.1") {
        bus::NatsNode node;
        node.client_tls = authority.issue("node", for_whom);
        node.users.push_back({"server1", Secret{password}});
        server = NatsServer::start(std::move(node));
    }
    [[nodiscard]] bus::NatsOptions options() const {
        bus::NatsOptions out = options_for({server->address()});
        out.user = "server1";
        out.password = Secret{password};
        out.tls = authority.issue("server1", "DNS:server1");
        out.patience = long_enough;  // what is said of a node is not that this machine is busy
        return out;
    }
    [[nodiscard]] std::string place() const { return server->address().written(); }
};

/// What a server says that is not let in.
std::string refusal(bus::NatsOptions options) {
    Recorder told;
    auto made = bus::NatsBus::start(std::move(options), told, real_clock);
    REQUIRE_OK(made);
    const bus::Bus& end = **made;
    REQUIRE(until([&] { return !end.status().error.empty() || end.status().linked; }));
    const bus::BusStatus status = end.status();
    CHECK_FALSE(status.linked);
    CHECK(told.all().empty());
    CHECK(status.error.find(password) == std::string::npos);
    return status.error;
}

}  // namespace

TEST_CASE("nats bus over TLS: carries both ways at once without losing any", "[bus]") {
    if (!NatsServer::installed())
        return;
    constexpr std::size_t messages = 30'000;
    const Node node;
    Counter first;
    Counter second;
    auto one = bus::NatsBus::start(node.options(), first, real_clock);
    auto two = bus::NatsBus::start(node.options(), second, real_clock);
    REQUIRE_OK(one);
    REQUIRE_OK(two);
    (*one)->subscribe("pchat.to.one");
    (*two)->subscribe("pchat.to.two");
    REQUIRE(first.wait_for_link());
    REQUIRE(second.wait_for_link());
    const auto speak = [](bus::Bus& end, const std::string& subject) {
        for (std::size_t i = 1; i <= messages; ++i)
            end.publish(subject, numbered("x", i, 300));
    };
    std::thread other{[&] { speak(**two, "pchat.to.one"); }};
    speak(**one, "pchat.to.two");
    other.join();
    CHECK(first.wait_for(messages));
    CHECK(second.wait_for(messages));
    CHECK(first.out_of_order() == 0);
    CHECK(second.out_of_order() == 0);
    CHECK((*one)->status().counts.reconnects == 0);
    CHECK((*two)->status().counts.reconnects == 0);
}

TEST_CASE("nats bus over TLS: a wrong password is called that", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    bus::NatsOptions options = node.options();
    options.password = Secret{"wrong one"};
    CHECK(
        refusal(std::move(options)) == "bus node " + node.place() +
                                           " does not let user 'server1' in: wrong name or "
                                           "password: Authorization Violation"
    );
}

TEST_CASE("nats bus over TLS: a server without a name is asked for one", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    bus::NatsOptions options = node.options();
    options.user.clear();
    options.password = {};
    CHECK_THAT(
        refusal(std::move(options)),
        Catch::StartsWith("bus node " + node.place() + " wants a user and a password")
    );
}

TEST_CASE("nats bus over TLS: a node of another authority is not believed", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    const Authority other{"other"};
    bus::NatsOptions options = node.options();
    options.tls->authority = other.file();
    CHECK_THAT(
        refusal(std::move(options)),
        Catch::StartsWith(
            "certificate of bus node " + node.place() + " is not from an authority in '" +
            other.file() + "'"
        )
    );
}

TEST_CASE("nats bus over TLS: a node of another name is not believed", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node{"DNS:elsewhere.example"};
    CHECK_THAT(
        refusal(node.options()),
        Catch::StartsWith("certificate of bus node " + node.place() + " is not for '127.0.0.1'")
    );
}

TEST_CASE("nats bus over TLS: a server of another authority is not let in", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    const Authority other{"other"};
    bus::NatsOptions options = node.options();
    options.tls = other.issue("server1", "DNS:server1");
    options.tls->authority = node.authority.file();
    CHECK_THAT(
        refusal(std::move(options)),
        Catch::StartsWith("bus node " + node.place() + " hung up: certificate '")
    );
}

TEST_CASE("nats bus over TLS: a node that wants TLS is not spoken to without", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    bus::NatsOptions options = node.options();
    options.tls.reset();
    CHECK_THAT(
        refusal(std::move(options)),
        Catch::StartsWith("bus node " + node.place() + " wants TLS, and none is set up here")
    );
}

TEST_CASE("nats bus over TLS: a node without TLS gets no password", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    const auto plain = NatsServer::start();
    bus::NatsOptions options = node.options();
    options.nodes = {plain->address()};
    CHECK_THAT(
        refusal(std::move(options)),
        Catch::StartsWith("bus node " + plain->address().written() + " offers no TLS")
    );
}

TEST_CASE("nats bus over TLS: a node that hangs while shaking hands holds nobody up", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    const MutePort hanging{"INFO {\"server_id\":\"x\",\"version\":\"2.9.10\",\"tls_required\":true,"
                           "\"max_payload\":1048576}\r\n"};
    bus::NatsOptions options = node.options();
    options.nodes.insert(options.nodes.begin(), {"127.0.0.1", hanging.number()});
    options.patience = std::chrono::seconds{1};
    Recorder told;
    auto made = bus::NatsBus::start(std::move(options), told, real_clock);
    REQUIRE_OK(made);
    REQUIRE(told.wait_for("linked"));
    CHECK(hanging.has_greeted());
    CHECK((*made)->status().server == node.place());
    CHECK_THAT((*made)->status().error, Catch::EndsWith("does not answer"));
    (*made)->stop();
}

TEST_CASE("nats bus: a subject that is not the pool's is neither said nor heard", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Node node;
    Recorder told;
    auto made = bus::NatsBus::start(node.options(), told, real_clock);
    REQUIRE_OK(made);
    REQUIRE(told.wait_for("linked"));
    (*made)->publish("somebody.else", "hello");
    CHECK(until([&] {
        return (*made)->status().error.find("Permissions Violation") != std::string::npos;
    }));
    CHECK((*made)->status().linked);
}
