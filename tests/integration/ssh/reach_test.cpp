// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"
#include "tests/support/child_program.h"
#include "tests/support/odd_port.h"
#include "tests/support/relay.h"

#include <fmt/format.h>

#include <filesystem>
#include <thread>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t much = 400UL << 20;

/// As large as it says, and empty.
std::string sparse_file(const TempDir& folder) {
    const fs::path out = folder.write("local", "");
    fs::resize_file(out, much);
    return out.string();
}

}  // namespace

TEST_CASE("ssh reach: a machine that cannot be reached is named, with what to do", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.wish.patience = std::chrono::seconds{1};
    const auto unreachable = [&](const std::string& what) {
        const auto link = scene.try_connect();
        REQUIRE_ERR(link, Errc::unreachable, what);
        CHECK_THAT(link.error().message, Catch::StartsWith(scene.wish.machine.place() + ": "));
        CHECK_FALSE(link.error().hint.empty());
    };
    const auto port_of = [](const OddPort& port) {
        return static_cast<std::uint16_t>(port.number());
    };
    SECTION("nobody listens") {
        const OddPort port{OddPort::Manner::refuses};
        scene.wish.machine.port = port_of(port);
        unreachable("nobody listens there");
    }
    SECTION("nobody answers") {
        const OddPort port{OddPort::Manner::silent};
        scene.wish.machine.port = port_of(port);
        unreachable("no answer");
    }
    SECTION("somebody else answers") {
        const OddPort port{OddPort::Manner::other};
        scene.wish.machine.port = port_of(port);
        unreachable("no SSH server");
    }
    SECTION("a server that has stopped") {
        Relay relay{scene.server->port()};
        relay.cut();
        scene.wish.machine.port = relay.port();
        unreachable("nobody greets within 1 s");
    }
    SECTION("no such name") {
        scene.wish.machine.host = "no-such-machine.invalid";
        unreachable("the name 'no-such-machine.invalid' is not known");
    }
    SECTION("nobody's home") {
        scene.wish.home.clear();
        REQUIRE_ERR(scene.try_connect(), Errc::usage, "home directory");
    }
    SECTION("no name at all") {
        scene.wish.machine.host = "-oProxyCommand=reboot";
        REQUIRE_ERR(scene.try_connect(), Errc::invalid, "no name of a machine");
    }
}

TEST_CASE("ssh reach: a server that ends takes its link with it", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string place = scene.wish.machine.place();
    SECTION("while a command runs") {
        std::thread killer{[&] {
            const fs::path begun = scene.home.path() / "begun";
            while (!fs::exists(begun))
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            scene.server->kill_sessions();
        }};
        const auto ran =
            link->run("touch \"$1\"; sleep 600", {scene.home.path() / "begun"}, {}, long_enough);
        killer.join();
        REQUIRE_ERR(ran, Errc::unreachable, place + ": the link was cut");
    }
    SECTION("in the middle of a file") {
        const std::string remote = scene.home.path() / "remote";
        bool killed = false;
        const auto done =
            link->upload(sparse_file(scene.home), remote, [&](std::uint64_t sent, std::uint64_t) {
                if (sent > 0 && !killed)
                    scene.server->kill_sessions();
                killed = sent > 0;
                return true;
            });
        CHECK(killed);
        REQUIRE_ERR(done, Errc::unreachable, place + ": the link was cut");
    }
    SECTION("between two commands") {
        scene.server->kill_sessions();
    }
    REQUIRE_ERR(link->run("true", {}, {}, long_enough), Errc::unreachable, "the link was cut");
    REQUIRE_ERR(
        link->upload(sparse_file(scene.home), "/tmp/x", {}), Errc::unreachable, "the link was cut"
    );
}

TEST_CASE("ssh reach: a machine that falls silent is given up, though its kernel lives", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    Relay relay{scene.server->port()};
    scene.wish.machine.port = relay.port();
    const auto link = scene.connect();
    SECTION("while a command runs") {
        std::thread cutter{[&] {
            while (!fs::exists(scene.home.path() / "begun"))
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            relay.cut();
        }};
        const auto ran =
            link->run("touch \"$1\"; sleep 600", {scene.home.path() / "begun"}, {}, long_enough);
        cutter.join();
        REQUIRE_ERR(ran, Errc::unreachable, "does not answer any more");
    }
    SECTION("in the middle of a file") {
        const auto done = link->upload(
            sparse_file(scene.home),
            scene.home.path() / "remote",
            [&](std::uint64_t sent, std::uint64_t) {
                if (sent > 0)
                    relay.cut();
                return true;
            }
        );
        REQUIRE_ERR(done, Errc::unreachable, "the link was cut");
    }
    SECTION("but a command that says nothing for long is none of that") {
        CHECK(run(*link, "sleep 10; echo done").out == "done\n");
    }
}

TEST_CASE("ssh reach: many machines at once, a thread each", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.connect();
    std::vector<std::thread> threads;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            auto link = cli::connect_ssh(scene.wish, {});
            if (!link)
                return;
            const auto ran = (*link)->run("echo $1; cat", {std::to_string(i)}, "x", long_enough);
            if (ran && ran->out == fmt::format("{}\nx", i))
                ++good;
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(good == 8);
}

}  // namespace pchat::test
