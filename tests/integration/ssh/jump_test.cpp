// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"
#include "tests/support/child_program.h"
#include "tests/support/relay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

/// A machine behind another one.
struct JumpScene : SshScene {
    std::unique_ptr<SshServer> gate;

    explicit JumpScene(SshServerOptions options = {})
        : gate(works() ? SshServer::start(std::move(options)) : nullptr) {
        if (!gate)
            return;
        wish.jump = SshPoint{gate->user(), "127.0.0.1", gate->port()};
        wish.identities.push_back(gate->key());
    }
};

int threads_here() {
    const fs::directory_iterator tasks{"/proc/self/task"};
    return static_cast<int>(std::distance(begin(tasks), end(tasks)));
}

/// Whether a signal may strike in threads other than this one.
bool others_are_open_to(int signal) {
    for (const auto& task : fs::directory_iterator{"/proc/self/task"}) {
        if (task.path().filename() == std::to_string(::getpid()))
            continue;
        const std::string status = read_file(task.path() / "status");
        const std::size_t blocked = status.find("SigBlk:");
        if (blocked == std::string::npos)
            return true;
        const std::string mask =
            status.substr(blocked + 7, status.find('\n', blocked) - blocked - 7);
        if ((std::stoull(mask, nullptr, 16) >> static_cast<unsigned>(signal - 1) & 1U) == 0)
            return true;
    }
    return false;
}

int descriptors_here() {
    const fs::directory_iterator open{"/proc/self/fd"};
    return static_cast<int>(std::distance(begin(open), end(open)));
}

}  // namespace

TEST_CASE("ssh jump: goes through one machine to another", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    const auto link = scene.connect();
    REQUIRE(scene.asked.size() == 2);
    CHECK(scene.asked[0].fingerprint == scene.gate->fingerprint());
    CHECK(scene.asked[1].fingerprint == scene.server->fingerprint());

    const std::string text(3'000'000, 'x');
    const Ran ran = run(*link, "tee /dev/stderr; echo $SSH_CONNECTION", {}, text);
    CHECK(ran.err == text);
    CHECK_THAT(ran.out.substr(text.size()), Catch::Contains(std::to_string(scene.server->port())));

    const std::string local = scene.home.write("local", std::string(20'000'000, 'y')).string();
    const std::string remote = scene.home.path() / "remote";
    REQUIRE_OK(link->upload(local, remote, {}));
    CHECK(sha256_hex(read_file(remote)) == sha256_hex(read_file(local)));
}

TEST_CASE("ssh jump: what is wrong is told of the machine where it is wrong", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    const std::string gate = scene.wish.jump->place();
    SECTION("the first key is wrong") {
        scene.wish.identities = {scene.server->key()};
        REQUIRE_ERR(
            scene.try_connect(), Errc::denied, scene.gate->user() + "@" + gate + ": no key"
        );
    }
    SECTION("the second key is wrong") {
        scene.wish.identities = {scene.gate->key()};
        REQUIRE_ERR(
            scene.try_connect(),
            Errc::denied,
            fmt::format("{} through {}: no key", scene.wish.machine.place(), gate)
        );
    }
    SECTION("nobody listens behind it") {
        scene.wish.machine.port = free_port();
        REQUIRE_ERR(
            scene.try_connect(),
            Errc::unreachable,
            fmt::format("{}: it does not lead on to {}", gate, scene.wish.machine.place())
        );
    }
    SECTION("the second key of a machine has changed") {
        scene.connect();
        scene.server->change_host_key("ed25519");
        REQUIRE_ERR(scene.try_connect(), Errc::conflict, scene.wish.machine.place());
    }
}

TEST_CASE("ssh jump: a machine that leads nowhere", "[ssh]") {
    JumpScene scene{{.config = "AllowTcpForwarding no"}};
    if (scene.gate)
        REQUIRE_ERR(scene.try_connect(), Errc::denied, "it may not lead on to");
}

TEST_CASE("ssh jump: ends with either machine", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    const auto link = scene.connect();
    const bool first = GENERATE(true, false);
    bool killed = false;
    const fs::path local = scene.home.write("local", "");
    fs::resize_file(local, 400UL << 20);
    const auto done =
        link->upload(local, scene.home.path() / "remote", [&](std::uint64_t sent, std::uint64_t) {
            if (sent > 0 && !killed)
                (first ? scene.gate : scene.server)->kill_sessions();
            killed = sent > 0;
            return true;
        });
    REQUIRE_ERR(done, Errc::unreachable, "the link was cut");
    REQUIRE_ERR(link->run("true", {}, {}, long_enough), Errc::unreachable, "the link was cut");
}

TEST_CASE("ssh jump: a machine behind it that falls silent is given up", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    Relay relay{scene.server->port()};
    scene.wish.machine.port = relay.port();
    const auto link = scene.connect();
    relay.cut();
    REQUIRE_ERR(
        link->run("true", {}, {}, long_enough), Errc::unreachable, "does not answer any more"
    );
}

TEST_CASE("ssh jump: no signal strikes in its thread", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    const auto link = scene.connect();
    CHECK(threads_here() > 1);
    CHECK_FALSE(others_are_open_to(SIGINT));
    CHECK_FALSE(others_are_open_to(SIGTERM));
}

TEST_CASE("ssh jump: leaves no thread and no descriptor behind", "[ssh]") {
    JumpScene scene;
    if (!scene.gate)
        return;
    scene.connect();
    const int threads = threads_here();
    const int descriptors = descriptors_here();
    for (int i = 0; i < 5; ++i)
        CHECK(run(*scene.connect(), "echo here").out == "here\n");
    scene.wish.identities = {scene.gate->key()};  // fails half way
    REQUIRE_ERR(scene.try_connect(), Errc::denied, "no key");
    CHECK(threads_here() == threads);
    CHECK(descriptors_here() == descriptors);
}

}  // namespace pchat::test
