// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_config.h"
#include "tests/integration/bus/authority.h"
#include "tests/support/catch.h"
#include "tests/support/child_program.h"
#include "tests/support/expect.h"
#include "tests/support/nats_server.h"

using namespace pchat;
using namespace pchat::test;

namespace {

/// How nats-server likes a configuration; what it says is in the file "log".
int judge(const TempDir& dir, const Secret& config) {
    const auto file = dir.write("nats.conf", std::string{config.reveal()});
    return wait_for_program(
        start_program(dir.path() / "log", {"/usr/sbin/nats-server", "-t", "-c", file.string()})
    );
}

}  // namespace

TEST_CASE("nats config: nats-server accepts what is written for a pool", "[bus]") {
    if (!NatsServer::installed())
        return;
    const Authority authority{"pool"};
    bus::NatsNode node;
    node.name = "chat1.contoso.example";
    node.cluster = "west's \\ \"own\"";
    node.clients = {"0.0.0.0", 4222};
    node.routes = bus::NodeAddress{"::", bus::default_bus_port};
    node.others = {{"chat1.contoso.example", 8011}, {"2001:db8::7", 8011}};
    node.client_tls = authority.issue("node", "IP:127.0.0.1");
    node.route_tls = node.client_tls;
    node.users.push_back({"chat1", Secret{"a 'hard' one; { $env } # é"}});
    node.users.push_back({"chat2", Secret{"0123"}});
    const auto config = bus::nats_config(node);
    REQUIRE_OK(config);
    const TempDir dir;
    INFO(config->reveal());
    const int status = judge(dir, *config);
    INFO(read_file(dir.path() / "log"));
    CHECK(status == 0);
}

TEST_CASE("nats config: nats-server accepts a node alone", "[bus]") {
    if (!NatsServer::installed())
        return;
    bus::NatsNode node;
    node.name = "one";
    node.clients = {"127.0.0.1", 4222};
    const auto config = bus::nats_config(node);
    REQUIRE_OK(config);
    const TempDir dir;
    CHECK(judge(dir, *config) == 0);
    CHECK(judge(dir, Secret{std::string{config->reveal()} + "nonsense: {\n"}) != 0);
}
