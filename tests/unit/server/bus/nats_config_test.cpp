// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_config.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;
using namespace pchat::bus;

namespace {

NatsNode pool_node() {
    NatsNode node;
    node.name = "chat1";
    node.cluster = "west \"one\" \\";
    node.clients = {"10.0.0.1", 4222};
    node.routes = NodeAddress{"10.0.0.1", default_bus_port};
    node.others = {{"10.0.0.2", 8011}, {"2001:db8::7", 8011}};
    node.client_tls = TlsFiles{"/ca.pem", "/node.pem", "/node.key"};
    node.route_tls = TlsFiles{"/routes-ca.pem", "/route.pem", "/route.key"};
    node.users.push_back({"chat1", Secret{"one $HOME"}});
    node.users.push_back({"chat2", Secret{"two"}});
    return node;
}

}  // namespace

TEST_CASE("nats config: a node of a pool", "[bus]") {
    const auto config = nats_config(pool_node());
    REQUIRE_OK(config);
    CHECK(config->reveal() == R"(# Written by pchatctl. Holds passwords: for its owner only.
server_name: "chat1"
listen: "10.0.0.1:4222"
max_payload: 1048576
ping_interval: "2s"
ping_max: 2
tls {
  cert_file: "/node.pem"
  key_file: "/node.key"
  ca_file: "/ca.pem"
  verify: true
  timeout: 3
}
authorization {
  users: [
    { user: "chat1", password: "one $HOME", permissions: { publish: "pchat.>", subscribe: "pchat.>" } }
    { user: "chat2", password: "two", permissions: { publish: "pchat.>", subscribe: "pchat.>" } }
  ]
}
cluster {
  name: "west \"one\" \\"
  listen: "10.0.0.1:8011"
  no_advertise: true
  routes: [
    "nats-route://10.0.0.2:8011"
    "nats-route://[2001:db8::7]:8011"
  ]
  tls {
    cert_file: "/route.pem"
    key_file: "/route.key"
    ca_file: "/routes-ca.pem"
    verify: true
    timeout: 3
  }
}
)");
}

TEST_CASE("nats config: a node alone on this machine", "[bus]") {
    NatsNode node;
    node.name = "one";
    node.clients = {"127.0.0.1", 4222};
    node.max_payload = 1'000;
    const auto config = nats_config(node);
    REQUIRE_OK(config);
    CHECK(config->reveal() == R"(# Written by pchatctl. Holds passwords: for its owner only.
server_name: "one"
listen: "127.0.0.1:4222"
max_payload: 1000
ping_interval: "2s"
ping_max: 2
)");
}

TEST_CASE("nats config: a node that others could read or join is not written", "[bus]") {
    NatsNode node = pool_node();
    node.client_tls.reset();
    REQUIRE_ERR(nats_config(node), Errc::denied, "10.0.0.1:4222 would be open to the network");
    node = pool_node();
    node.users.clear();
    REQUIRE_ERR(nats_config(node), Errc::denied, "10.0.0.1:4222 would be open to the network");
    node = pool_node();
    node.route_tls.reset();
    REQUIRE_ERR(nats_config(node), Errc::denied, "10.0.0.1:8011 would be open to the network");
    node = pool_node();
    node.clients.host = "127.0.0.1";
    node.client_tls.reset();
    REQUIRE_OK(nats_config(node));
}

TEST_CASE("nats config: text that nats-server would read otherwise is refused", "[bus]") {
    NatsNode node = pool_node();
    node.name = "";
    REQUIRE_ERR(nats_config(node), Errc::invalid, "the name of a node is empty");
    node = pool_node();
    node.cluster = "west\nport: 1";
    REQUIRE_ERR(nats_config(node), Errc::invalid, "the name of the pool");
    node = pool_node();
    node.users.push_back({"chat3", Secret{"$2a$11$abc"}});
    REQUIRE_ERR(nats_config(node), Errc::invalid, "'chat3': a password must not begin with '$2'");
    node = pool_node();
    node.users.push_back({"chat3", Secret{"new\nline"}});
    const auto refused = nats_config(node);
    REQUIRE_ERR(refused, Errc::invalid, "'chat3': name or password has a quotation mark");
    CHECK(refused.error().message.find("line") == std::string::npos);
}
