// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"
#include "cli/deploy/node_change.h"
#include "cli/deploy/survey.h"
#include "cli/deploy/tar_archive.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/cli/deploy/pool_world.h"

#include <fstream>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

NodeWant want_of(const World& world, const PoolSecrets& secrets) {
    Result<NodeWant> want = render_node(
        world.directory, world.pool, world.machine(0), secrets, {.release = "0.1.0-0123456789ab"}
    );
    REQUIRE_OK(want);
    return std::move(*want);
}

/// Beside the archive.
void unpack(const std::filesystem::path& archive) {
    Child tar;
    tar.program = "/bin/tar";
    tar.arguments = {"--extract", "--file", archive, "--directory", archive.parent_path()};
    const Result<ChildResult> done = run_child(tar);
    REQUIRE_OK(done);
    INFO(done->err);
    REQUIRE(done->exit_code == 0);
}

std::string effect_at(const NodeWant& want, const std::string& path) {
    for (const NodeFile& file : want.files)
        if (file.path == path)
            return effect_of(file, want);
    FAIL("there is no " << path);
    return {};
}

}  // namespace

TEST_CASE("change: the same wishes make the same one, any other wish another", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    const PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    const NodeWant want = want_of(*world, secrets);
    const std::vector<std::string> probe{"--server", "https://pc1.contoso.example:443"};
    const auto id_of = [&](const NodeWant& what, const std::vector<std::string>& asked) {
        const Result<NodeChange> made = make_change(what, Supervisor::systemd, asked);
        REQUIRE_OK(made);
        return made->id;
    };
    const std::string first = id_of(want, probe);
    CHECK(first.size() == 16);
    CHECK(id_of(want, probe) == first);
    CHECK(id_of(want, {"--server", "https://pc1.contoso.example:444"}) != first);
    NodeWant other = want;
    other.release = "0.1.0-ba9876543210";
    CHECK(id_of(other, probe) != first);
    for (std::size_t i = 0; i < want.files.size(); ++i) {
        INFO(want.files[i].path);
        NodeWant changed = want;
        changed.files[i].content += "x";
        CHECK(id_of(changed, probe) != first);
        changed = want;
        changed.files[i].mode ^= 040U;
        CHECK(id_of(changed, probe) != first);
        changed = want;
        changed.files[i].owner = "daemon";
        CHECK(id_of(changed, probe) != first);
    }
}

TEST_CASE("change: a file asks of services just what it means to them", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    const NodeWant shared = want_of(*world, secrets);
    CHECK(effect_at(shared, "/etc/pchat/pchatd.yaml") == "restart=pchatd");
    CHECK(effect_at(shared, "/etc/pchat/nats.conf") == "restart=pchat-nats");
    CHECK(effect_at(shared, "/etc/systemd/system/pchat-nats.service") == "restart=pchat-nats");
    CHECK(effect_at(shared, "/etc/systemd/system/pchatd.service") == "restart=pchatd");
    CHECK(effect_at(shared, "/etc/pchat/secrets/bus") == "restart=pchatd");
    // The bus has the same certificate.
    CHECK(effect_at(shared, "/etc/pchat/tls/server.pem") == "restart=pchatd,restart=pchat-nats");
    CHECK(effect_at(shared, "/etc/pchat/tls/content-ca.pem") == "restart=pchatd");
    secrets.tls = TlsMaterial{"given\n", Secret{"GIVEN-KEY"}, {}};
    const NodeWant given = want_of(*world, secrets);
    CHECK(effect_at(given, "/etc/pchat/tls/server.pem") == "reload=pchatd");
    CHECK(effect_at(given, "/etc/pchat/tls/bus.key") == "restart=pchatd,restart=pchat-nats");
    const auto alone = world_of("embedded");
    const NodeWant single =
        want_of(*alone, secrets_for(*alone, sqlite("/var/lib/pchat/content/content.db")));
    CHECK(effect_at(single, "/etc/pchat/tls/server.pem") == "reload=pchatd");
}

TEST_CASE("change: its archive is one that tar unpacks, and holds what it lists", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    const PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    const NodeWant want = want_of(*world, secrets);
    const Result<NodeChange> change = make_change(want, Supervisor::systemd, {"--server", "x"});
    REQUIRE_OK(change);
    const TempDir dir;
    std::ofstream{dir.path() / "change.tar", std::ios::binary} << change->archive;
    unpack(dir.path() / "change.tar");
    CHECK(read_file(dir.path() / "release") == "0.1.0-0123456789ab\n");
    CHECK(read_file(dir.path() / "units") == "pchat-nats.service\npchatd.service\n");
    CHECK(read_file(dir.path() / "probe") == "--server\nx\n");
    REQUIRE(change->listing.size() == want.files.size());
    for (const NodeFile& file : want.files) {
        const std::filesystem::path there = dir.path() / ("tree" + file.path);
        CHECK(read_file(there) == file.content);
        CHECK(
            (std::filesystem::status(there).permissions() & std::filesystem::perms{0077}) ==
            std::filesystem::perms::none
        );
    }
    // What is secret is in the tree alone.
    for (const std::string& line : change->listing)
        CHECK(line.find("PASSWORD") == std::string::npos);
}

TEST_CASE("tar: long paths are split where the format can, and refused where not", "[deploy]") {
    TarArchive archive;
    const std::string folder(90, 'f');
    REQUIRE_OK(archive.add(folder + "/" + std::string(95, 'n'), "text"));
    REQUIRE_ERR(archive.add(std::string(101, 'n'), "text"), Errc::too_large, "too long");
    REQUIRE_ERR(
        archive.add(std::string(160, 'f') + "/" + std::string(90, 'n'), "text"),
        Errc::too_large,
        "too long"
    );
    const TempDir dir;
    std::ofstream{dir.path() / "a.tar", std::ios::binary} << std::move(archive).take();
    unpack(dir.path() / "a.tar");
    CHECK(read_file(dir.path() / folder / std::string(95, 'n')) == "text");
}

TEST_CASE("probe: asks by the server's own name, and trusts whom it must", "[deploy]") {
    const auto world = world_of("enterprise-multiple");
    PoolSecrets secrets = secrets_for(*world, postgresql("pchat_content", "PASSWORD"));
    CHECK(
        ready_probe(world->pool, world->machine(0), secrets) ==
        std::vector<std::string>{
            "--server",
            "https://pc1.contoso.example:443",
            "--ca-file",
            "/etc/pchat/tls/ca.pem",
            "--connect-to",
            "127.0.0.1",
            "--standby"}
    );
    secrets.tls = TlsMaterial{"given\n", Secret{"GIVEN-KEY"}, {}};
    CHECK(
        ready_probe(world->pool, world->machine(0), secrets).at(3) ==
        "/opt/pchat/current/share/certificates/ca-certificates.crt"
    );
}
