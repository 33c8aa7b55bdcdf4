// SPDX-License-Identifier: Apache-2.0
#include "server/app/read_settings.h"
#include "tests/support/expect.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

std::vector<std::string> all_secrets(const PoolSecrets& from) {
    std::vector<std::string> out{std::string{from.content.target.login.password.reveal()}};
    if (from.compliance)
        out.emplace_back(from.compliance->target.login.password.reveal());
    if (from.tls)
        out.emplace_back(from.tls->key.reveal());
    for (const MachineSecrets& machine : from.machines) {
        out.emplace_back(machine.tls.key.reveal());
        out.emplace_back(machine.bus_password.reveal());
    }
    std::erase(out, std::string{});
    return out;
}

const NodeFile* file_at(const NodeWant& want, std::string_view path) {
    for (const NodeFile& file : want.files)
        if (file.path == path)
            return &file;
    return nullptr;
}

std::string shown(const NodeWant& want) {
    std::string out = fmt::format(
        "{} {} {}\n", want.fqdn, want.release, fmt::join(want.units.begin(), want.units.end(), " ")
    );
    for (const NodeFile& file : want.files)
        out += fmt::format(
            "\n==== {} {}:{} {:04o}{}\n{}",
            file.path,
            file.owner,
            file.group,
            file.mode,
            file.secret ? " secret" : "",
            file.content
        );
    return out;
}

/// What holds for every node, whatever the topology.
void check_rules(const NodeWant& want, const PoolSecrets& secrets) {
    std::set<std::string> paths;
    const std::regex template_mark{"@[a-z_]+@"};
    for (const NodeFile& file : want.files) {
        INFO(file.path);
        CHECK(paths.insert(file.path).second);
        CHECK((file.path.starts_with("/etc/") && file.path.find("..") == std::string::npos));
        CHECK_FALSE(std::regex_search(file.content, template_mark));
        CHECK((file.mode & 022U) == 0);
        for (const std::string& secret : all_secrets(secrets))
            if (file.content.find(secret) != std::string::npos) {
                CHECK(file.secret);
            }
        if (file.secret) {
            CHECK((file.mode & 07U) == 0);
        }
    }
    const NodeFile* settings = file_at(want, "/etc/pchat/pchatd.yaml");
    REQUIRE(settings != nullptr);
    const app::SettingsFile read = app::parse_settings(settings->path, settings->content);
    INFO(render_text(*read.source, read.findings));
    CHECK(read.findings.empty());
    // Whatever the settings name is there.
    for (const app::Text& named :
         {read.settings.tls.certificate,
          read.settings.tls.key,
          read.settings.database.tls.ca,
          read.settings.bus.ca,
          read.settings.bus.certificate,
          read.settings.bus.key})
        if (!named->empty()) {
            INFO(*named);
            CHECK(file_at(want, *named) != nullptr);
        }
    for (const app::Text& named :
         {read.settings.database.password,
          read.settings.compliance.password,
          read.settings.bus.password})
        if (!named->empty()) {
            INFO(*named);
            REQUIRE(named->starts_with("file:"));
            const NodeFile* password = file_at(want, named->substr(5));
            REQUIRE(password != nullptr);
            CHECK((password->owner == "pchat" && password->mode == 0600 && password->secret));
        }
}

Result<NodeWant> render(
    const World& world,
    const PoolSecrets& secrets,
    std::size_t at = 0,
    Supervisor supervisor = Supervisor::systemd
) {
    return render_node(
        world.directory,
        world.pool,
        world.machine(at),
        secrets,
        {.release = "0.1.0-0123456789ab", .supervisor = supervisor}
    );
}

void check_golden(const std::string& name, const NodeWant& want) {
    test::check_golden(sources / "tests/data/deploy" / (name + ".expected"), shown(want));
}

}  // namespace

TEST_CASE("render: a machine of several has a bus with TLS both ways and logins", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "CONTENT-PASSWORD"));
    secrets.compliance = postgresql("pchat_compliance", "COMPLIANCE-PASSWORD");
    const Result<NodeWant> want = render(*world, secrets, 1);
    REQUIRE_OK(want);
    check_rules(*want, secrets);
    check_golden("several", *want);
    CHECK(want->units == std::vector<std::string>{"pchat-nats.service", "pchatd.service"});
    const std::string& bus = file_at(*want, "/etc/pchat/nats.conf")->content;
    for (const char* other : {"pc1", "pc3", "pc4"})
        CHECK_THAT(
            bus, Catch::Contains(fmt::format("nats-route://{}.contoso.example:8011", other))
        );
    CHECK_THAT(bus, !Catch::Contains("nats-route://pc2."));
    for (const MachineSecrets& machine : secrets.machines)
        CHECK_THAT(bus, Catch::Contains(std::string{machine.bus_password.reveal()}));
}

TEST_CASE("render: one machine on the embedded default has no bus", "[deploy]") {
    const auto world = world_of("embedded");
    PoolSecrets secrets = secrets_for(*world, sqlite("/var/lib/pchat/content/content.db"));
    secrets.compliance = sqlite("/srv/compliance/compliance.db");
    const Result<NodeWant> want = render(*world, secrets);
    REQUIRE_OK(want);
    check_rules(*want, secrets);
    check_golden("embedded", *want);
    CHECK(want->units == std::vector<std::string>{"pchatd.service"});
    CHECK(file_at(*want, "/etc/pchat/nats.conf") == nullptr);
    CHECK_THAT(
        file_at(*want, "/etc/systemd/system/pchatd.service")->content,
        Catch::Contains("ReadWritePaths=/var/lib/pchat \"-/srv/compliance\"\n")
    );
}

TEST_CASE("render: a folder's name says nothing to systemd", "[deploy]") {
    const auto world = world_of("embedded");
    const PoolSecrets secrets = secrets_for(*world, sqlite("/srv/100%h \"a\\b/content.db"));
    const Result<NodeWant> want = render(*world, secrets);
    REQUIRE_OK(want);
    CHECK_THAT(
        file_at(*want, "/etc/systemd/system/pchatd.service")->content,
        Catch::Contains("ReadWritePaths=/var/lib/pchat \"-/srv/100%%h \\\"a\\\\b\"\n")
    );
}

TEST_CASE("render: without systemd runit starts the services", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    const PoolSecrets secrets =
        secrets_for(*world, postgresql("pchat_content", "CONTENT-PASSWORD"));
    const Result<NodeWant> want = render(*world, secrets, 0, Supervisor::runit);
    REQUIRE_OK(want);
    check_rules(*want, secrets);
    check_golden("runit", *want);
    CHECK(want->units == std::vector<std::string>{"pchat-nats", "pchatd"});
    for (const char* script : {"pchatd/run", "pchatd/log/run", "pchat-nats/run"})
        CHECK(file_at(*want, fmt::format("/etc/sv/{}", script))->mode == 0755);
    for (const NodeFile& file : want->files)
        CHECK_FALSE(file.path.starts_with("/etc/systemd/"));
}

TEST_CASE("render: a given certificate is for clients, the bus keeps the pool's own", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "CONTENT-PASSWORD"));
    secrets.tls = TlsMaterial{"bought certificate\n", Secret{"BOUGHT-KEY"}, ""};
    const Result<NodeWant> want = render(*world, secrets);
    REQUIRE_OK(want);
    check_rules(*want, secrets);
    CHECK(file_at(*want, "/etc/pchat/tls/server.pem")->content == "bought certificate\n");
    CHECK(file_at(*want, "/etc/pchat/tls/ca.pem") == nullptr);
    CHECK(file_at(*want, "/etc/pchat/tls/bus-ca.pem")->content == "authority of the pool\n");
    const std::string& bus = file_at(*want, "/etc/pchat/nats.conf")->content;
    CHECK_THAT(bus, Catch::Contains("/etc/pchat/tls/bus.key"));
    CHECK_THAT(bus, !Catch::Contains("server.pem"));
}

TEST_CASE("render: the open-file limit follows the planned sessions", "[deploy]") {
    const auto unit_of = [](const World& world) {
        const PoolSecrets secrets = secrets_for(world, postgresql("pchat_content", "PASSWORD"));
        Result<NodeWant> want = render(world, secrets);
        REQUIRE_OK(want);
        check_rules(*want, secrets);
        return file_at(*want, "/etc/systemd/system/pchatd.service")->content;
    };
    const auto large = world_of("enterprise-multiple");
    CHECK(session_limit(large->directory, large->pool) == 20'000);
    CHECK_THAT(unit_of(*large), Catch::Contains("LimitNOFILE=22000\n"));
    const auto small = world_of(
        "enterprise-multiple",
        "capacity: {concurrentUsers: 60000}\n",
        "capacity: {concurrentUsers: 900}\n"
    );
    CHECK(session_limit(small->directory, small->pool) == 900);
    CHECK_THAT(unit_of(*small), Catch::Contains("LimitNOFILE=2900\n"));
}

TEST_CASE("render: only a port below 1024 needs a capability", "[deploy]") {
    const auto unit_of = [](const World& world) {
        Result<NodeWant> want =
            render(world, secrets_for(world, sqlite("/var/lib/pchat/content.db")));
        REQUIRE_OK(want);
        return file_at(*want, "/etc/systemd/system/pchatd.service")->content;
    };
    const std::string low = unit_of(*world_of("embedded"));
    CHECK_THAT(low, Catch::Contains("CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"));
    CHECK_THAT(low, Catch::Contains("PrivateUsers=no\n"));
    const std::string high = unit_of(
        *world_of("embedded", "kind: single\n", "kind: single\n      ports: {https: 8443}\n")
    );
    CHECK_THAT(high, Catch::Contains("CapabilityBoundingSet=\n"));
    CHECK_THAT(high, Catch::Contains("AmbientCapabilities=\n"));
    CHECK_THAT(high, Catch::Contains("PrivateUsers=yes\n"));
}

TEST_CASE(
    "render: a driver of the machine's own is looked for where the machine has it", "[deploy]"
) {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    const auto environment = [&] {
        Result<NodeWant> want = render(*world, secrets);
        REQUIRE_OK(want);
        const std::string unit = file_at(*want, "/etc/systemd/system/pchatd.service")->content;
        const std::size_t at = unit.find("Environment=");
        return unit.substr(at, unit.find('\n', at) - at);
    };
    CHECK(environment() == "Environment=");
    secrets.content.target.driver = "PostgreSQL Unicode";
    CHECK(environment() == "Environment=");
    secrets.content.target.driver = "ODBC Driver 18 for SQL Server";
    CHECK(environment() == "Environment=ODBCSYSINI=/etc");
}

TEST_CASE("render: a machine with an IPv6 address listens on both families", "[deploy]") {
    const auto world = world_of(
        "embedded", "ssh: {host: 127.0.0.1}", "ssh: {host: 127.0.0.1}, addresses: [\"2001:db8::7\"]"
    );
    const Result<NodeWant> want =
        render(*world, secrets_for(*world, sqlite("/var/lib/pchat/content.db")));
    REQUIRE_OK(want);
    CHECK_THAT(
        file_at(*want, "/etc/pchat/pchatd.yaml")->content, Catch::Contains("address: \"::\"")
    );
}

TEST_CASE(
    "render: every machine of a pool is a node, and the same goes in and comes out", "[deploy]"
) {
    const auto world = world_of("enterprise-multiple");
    const PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    std::set<std::string> settings;
    for (std::size_t at = 0; at < world->pool.machines.items.size(); ++at) {
        const Result<NodeWant> want = render(*world, secrets, at);
        REQUIRE_OK(want);
        check_rules(*want, secrets);
        const Result<NodeWant> again = render(*world, secrets, at);
        REQUIRE_OK(again);
        CHECK(shown(*want) == shown(*again));
        settings.insert(file_at(*want, "/etc/pchat/pchatd.yaml")->content);
    }
    CHECK(settings.size() == 4);
}

TEST_CASE("render: refuses a machine to which nothing was issued", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    secrets.machines.erase(secrets.machines.begin());
    REQUIRE_ERR(render(*world, secrets), Errc::internal, "pc1.contoso.example");
}

TEST_CASE("local databases: those that are files, and only those", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    const std::string pool = *world->pool.fqdn;
    const auto local = [&](DatabaseAccess content, std::optional<DatabaseAccess> compliance) {
        PoolSecrets secrets = secrets_for(*world, std::move(content));
        secrets.compliance = std::move(compliance);
        return local_databases(world->pool, secrets);
    };
    CHECK(local(postgresql("a", "x"), std::nullopt).empty());
    CHECK(local(postgresql("a", "x"), postgresql("b", "x")).empty());
    CHECK(local(sqlite("/a/content.db"), std::nullopt) == pool);
    CHECK(local(sqlite("/a/content.db"), sqlite("/b/compliance.db")) == pool);
    CHECK(local(sqlite("/a/content.db"), postgresql("b", "x")) == pool + "/content");
    CHECK(local(postgresql("a", "x"), sqlite("/b/compliance.db")) == pool + "/compliance");
}

TEST_CASE("node ports: clients from anywhere, the bus from the other machines", "[deploy]") {
    const auto several = world_of("enterprise-multiple");
    const std::vector<NodePort> ports = node_ports(several->pool, several->machine(0));
    REQUIRE(ports.size() == 3);
    CHECK((ports[0].number == 443 && ports[0].peers.empty()));
    CHECK((ports[1].number == 4222 && ports[1].peers.size() == 3));
    CHECK((ports[2].number == 8011 && ports[2].peers.size() == 3));
    const auto one = world_of("embedded");
    CHECK(node_ports(one->pool, one->machine(0)).size() == 1);
}
