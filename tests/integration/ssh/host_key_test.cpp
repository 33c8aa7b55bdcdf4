// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/known_hosts.h"
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

unsigned mode_of(const std::string& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777U;
}

std::string key_line(const SshScene& scene) {
    const std::string key = read_file(scene.server->folder().path() / "host_key.pub");
    return fmt::format("[127.0.0.1]:{} {}", scene.server->port(), key);
}

}  // namespace

TEST_CASE("ssh host key: a new one is asked about once, and written down", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.connect();
    REQUIRE(scene.asked.size() == 1);
    const HostKeyQuestion& question = scene.asked.front();
    CHECK(question.host == fmt::format("[127.0.0.1]:{}", scene.server->port()));
    CHECK(question.key_type == "ssh-ed25519");
    CHECK(question.fingerprint == scene.server->fingerprint());
    CHECK(question.file == scene.known_hosts());
    CHECK(mode_of(scene.known_hosts()) == 0600);
    CHECK(mode_of(scene.wish.home + "/.ssh") == 0700);

    scene.trusts = false;
    scene.connect();
    CHECK(scene.asked.size() == 1);
}

TEST_CASE(
    "ssh host key: a machine that hangs up while its key is compared is dialled again", "[ssh]"
) {
    SshScene scene;
    if (!scene.works())
        return;
    int asked = 0;
    const auto link = cli::connect_ssh(scene.wish, [&](const HostKeyQuestion&) {
        ++asked;
        scene.server->kill_sessions();  // as if too much time had passed
        return true;
    });
    REQUIRE_OK(link);
    CHECK(asked == 1);
    CHECK(run(**link, "echo here").out == "here\n");
}

TEST_CASE("ssh host key: a new one that is not trusted is no way in", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.trusts = false;
    REQUIRE_ERR(scene.try_connect(), Errc::denied, scene.server->fingerprint());
    CHECK_FALSE(fs::exists(scene.known_hosts()));

    SECTION("without a question") {
        scene.wish.new_host_keys = cli::NewHostKeys::refuse;
        REQUIRE_ERR(scene.try_connect(), Errc::denied, "not trusted");
        CHECK(scene.asked.size() == 1);
    }
    SECTION("and without anybody to ask") {
        REQUIRE_ERR(cli::connect_ssh(scene.wish, {}), Errc::denied, "not trusted");
    }
    SECTION("but all are accepted where that is wished") {
        scene.wish.new_host_keys = cli::NewHostKeys::accept;
        scene.connect();
        CHECK(scene.asked.size() == 1);
        CHECK(fs::exists(scene.known_hosts()));
    }
}

TEST_CASE("ssh host key: another one than is known is always refused", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.connect();
    scene.wish.new_host_keys = cli::NewHostKeys::accept;
    const auto refused = [&](const std::string& what, const std::string& file) {
        const auto link = scene.try_connect();
        REQUIRE_ERR(link, Errc::conflict, what);
        CHECK_THAT(link.error().message, Catch::Contains(scene.server->fingerprint()));
        CHECK_THAT(link.error().message, Catch::Contains(file));
        const std::string host = fmt::format("[127.0.0.1]:{}", scene.server->port());
        CHECK_THAT(
            link.error().hint,
            Catch::Contains(fmt::format("ssh-keygen -R '{}' -f '{}'", host, file))
        );
        CHECK(scene.asked.size() == 1);
    };
    SECTION("of the same type") {
        scene.server->change_host_key("ed25519");
        refused("another host key", scene.known_hosts());
    }
    SECTION("of another type") {
        scene.server->change_host_key("ecdsa");
        refused("another type", scene.known_hosts());
    }
    SECTION("in the file of all users") {
        fs::rename(scene.known_hosts(), scene.wish.global_known_hosts);
        scene.server->change_host_key("ed25519");
        refused("another host key", scene.wish.global_known_hosts);
    }
    SECTION("until it is forgotten, as the hint says") {
        scene.server->change_host_key("ed25519");
        const std::string host = fmt::format("[127.0.0.1]:{}", scene.server->port());
        run_ssh_tool(scene.home, {"/usr/bin/ssh-keygen", "-R", host, "-f", scene.known_hosts()});
        scene.connect();
    }
}

TEST_CASE("ssh host key: known ones are found wherever they may stand", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.trusts = false;
    SECTION("in the file of all users, which is not written") {
        std::ofstream{scene.wish.global_known_hosts} << key_line(scene);
        scene.connect();
        CHECK_FALSE(fs::exists(scene.known_hosts()));
    }
    SECTION("hashed, behind a comment and a line without an end") {
        const fs::path file = scene.home.write("known", "# ours\n" + key_line(scene));
        run_ssh_tool(scene.home, {"/usr/bin/ssh-keygen", "-H", "-f", file.string()});
        CHECK(read_file(file).find("127.0.0.1") == std::string::npos);
        scene.wish.known_hosts = file.string();
        scene.connect();
    }
    SECTION("of the type that is known, where the machine has several") {
        const std::string key = (scene.home.path() / "ecdsa").string();
        make_key(key, "ecdsa");
        SshScene two{{.config = "HostKey " + key}};
        const std::string host = fmt::format("[127.0.0.1]:{} ", two.server->port());
        two.home.write(".ssh/known_hosts", host + read_file(key + ".pub"));
        two.trusts = false;
        two.connect();
    }
    SECTION("in a file whose name holds what libssh would expand") {
        const fs::path file = scene.home.write("known %h %d 100%", key_line(scene));
        scene.wish.known_hosts = file.string();
        scene.connect();
    }
}

TEST_CASE("ssh host key: a file that cannot all be read trusts nobody", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    scene.wish.new_host_keys = cli::NewHostKeys::accept;
    const std::string host = fmt::format("[127.0.0.1]:{}", scene.server->port());
    const auto refused = [&](const std::string& text, Errc code, const std::string& what) {
        scene.wish.known_hosts = scene.home.write("known", text).string();
        REQUIRE_ERR(scene.try_connect(), code, what);
        CHECK(read_file(scene.wish.known_hosts) == text);
    };
    SECTION("a line about it that makes no sense") {
        refused(host + " ssh-unheard-of AAAA\n", Errc::bad_file, "cannot be read");
    }
    SECTION("a line that is too long") {
        refused("# " + std::string(9'000, 'x') + "\n", Errc::bad_file, "too long");
    }
    SECTION("a directory") {
        scene.wish.known_hosts = scene.home.path().string();
        REQUIRE_ERR(scene.try_connect(), Errc::bad_file, "Is a directory");
    }
    SECTION("a key that is revoked, though it is known") {
        const std::string line = key_line(scene);
        refused(line + "@revoked * " + line.substr(host.size() + 1), Errc::conflict, "revoked");
    }
}

TEST_CASE("ssh host key: many may write one file at once", "[ssh]") {
    const TempDir folder;
    const std::string file = (folder.path() / "new" / "known_hosts").string();
    std::vector<std::thread> writers;
    std::atomic<int> failures = 0;
    for (int writer = 0; writer < 8; ++writer)
        writers.emplace_back([&, writer] {
            for (int i = 0; i < 20; ++i) {
                // Every host is met by two of them.
                const std::string line = fmt::format("host{} ssh-ed25519 AAAA{}\n", writer / 2, i);
                if (!cli::add_known_host(file, line))
                    ++failures;
            }
        });
    for (std::thread& writer : writers)
        writer.join();
    CHECK(failures == 0);
    std::ifstream text{file};
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    CHECK(lines.size() == 80);
    std::sort(lines.begin(), lines.end());
    CHECK(std::unique(lines.begin(), lines.end()) == lines.end());
}

}  // namespace pchat::test
