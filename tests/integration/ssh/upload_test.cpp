// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/support/small_disk.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t mebibyte = 1UL << 20;

/// A file of that many bytes, no two blocks of it alike.
std::string make_file(const TempDir& folder, std::size_t size) {
    std::string text;
    text.reserve(size + 20);
    for (std::size_t i = 0; text.size() < size; ++i)
        text += fmt::format("{:019}\n", i * 2'654'435'761U);
    text.resize(size);
    return folder.write("local", text).string();
}

std::string hash_of(const std::string& path) {
    return sha256_hex(read_file(path));
}

}  // namespace

TEST_CASE("ssh upload: a file arrives as it is, for its owner alone", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string remote = (scene.home.path() / "it's $HOME here").string();
    for (const std::size_t size :
         {std::size_t{0},
          std::size_t{1},
          std::size_t{32'768},
          std::size_t{65'537},
          30 * mebibyte + 5}) {
        CAPTURE(size);
        const std::string local = make_file(scene.home, size);
        std::vector<std::uint64_t> seen;
        const auto done = link->upload(local, remote, [&](std::uint64_t sent, std::uint64_t all) {
            CHECK(all == size);
            seen.push_back(sent);
            return true;
        });
        REQUIRE_OK(done);
        CHECK(hash_of(remote) == hash_of(local));
        CHECK(fs::status(remote).permissions() == fs::perms{0600});
        REQUIRE_FALSE(seen.empty());
        CHECK(seen.back() == size);
        CHECK(std::is_sorted(seen.begin(), seen.end()));
        fs::permissions(remote, fs::perms{0644});  // what is there is replaced, mode and all
    }
    CHECK(run(*link, "echo alive").out == "alive\n");
}

TEST_CASE("ssh upload: goes on while the session changes its keys", "[ssh]") {
    SshScene scene{{.config = "RekeyLimit 1M"}};
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string remote = (scene.home.path() / "remote").string();
    const std::string local = make_file(scene.home, 10 * mebibyte);
    REQUIRE_OK(link->upload(local, remote, {}));
    CHECK(hash_of(remote) == hash_of(local));
    CHECK(run(*link, "head -c 4000000 /dev/zero").out.size() == 4'000'000);
}

TEST_CASE("ssh upload: ends when it is told to, and leaves nothing", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string remote = (scene.home.path() / "remote").string();
    const std::string local = make_file(scene.home, 30 * mebibyte);
    const auto stopped =
        link->upload(local, remote, [](std::uint64_t sent, std::uint64_t) { return sent == 0; });
    REQUIRE_ERR(stopped, Errc::interrupted, "interrupted");
    CHECK_FALSE(fs::exists(remote));
    REQUIRE_OK(link->upload(local, remote, {}));
    CHECK(hash_of(remote) == hash_of(local));
}

TEST_CASE("ssh upload: says why it cannot be", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string local = make_file(scene.home, 100'000);
    const std::string folder = scene.home.path().string();
    SECTION("no such directory") {
        const auto done = link->upload(local, folder + "/no/such", {});
        REQUIRE_ERR(done, Errc::not_found, "cannot write " + folder + "/no/such: the directory");
    }
    SECTION("a directory in the way") {
        REQUIRE_ERR(link->upload(local, folder, {}), Errc::conflict, "a directory is in the way");
    }
    SECTION("no right to") {
        // Not even root may make files there.
        REQUIRE_ERR(link->upload(local, "/proc/sys/kernel/ostype", {}), Errc::denied, "may not");
    }
    SECTION("nothing to read here") {
        REQUIRE_ERR(
            link->upload(folder + "/none", folder + "/x", {}), Errc::bad_file, "No such file"
        );
        REQUIRE_ERR(link->upload(folder, folder + "/x", {}), Errc::bad_file, "not a regular file");
        CHECK_FALSE(fs::exists(folder + "/x"));
    }
    SECTION("a file that shrinks meanwhile") {
        const std::string large = make_file(scene.home, 8 * mebibyte);
        const auto done = link->upload(large, folder + "/x", [&](std::uint64_t, std::uint64_t) {
            return ::truncate(large.c_str(), 1) == 0;
        });
        REQUIRE_ERR(done, Errc::bad_file, "shorter");
        CHECK_FALSE(fs::exists(folder + "/x"));
    }
    CHECK(run(*link, "echo alive").out == "alive\n");
}

TEST_CASE("ssh upload: a full disk is named", "[ssh]") {
    const SmallDisk disk{8 * 1024};
    if (!disk.mounted()) {
        skip("mounting a small disk needs root, or user namespaces");
        return;
    }
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string local = make_file(scene.home, 30 * mebibyte);
    const std::string remote = (disk.path() / "remote").string();
    const auto done = link->upload(local, remote, {});
    REQUIRE_ERR(done, Errc::io, "the disk is full");
    CHECK_FALSE(fs::exists(remote));

    const std::string small = make_file(scene.home, 4 * mebibyte);
    REQUIRE_OK(link->upload(small, remote, {}));
}

TEST_CASE("ssh upload: a server without files, and one that talks before them", "[ssh]") {
    const auto refused = [](const std::string& subsystem, const std::string& what) {
        SshScene scene{{.sftp = subsystem}};
        if (!scene.works())
            return;
        const auto link = scene.connect();
        const std::string local = make_file(scene.home, 100);
        const auto done = link->upload(local, scene.home.path() / "remote", {});
        REQUIRE_ERR(done, Errc::unreachable, what);
        CHECK(run(*link, "echo alive").out == "alive\n");
    };
    SECTION("talks") {
        refused("/bin/sh -c 'echo Welcome to this machine!; cat'", "speaks something else");
    }
    SECTION("ends") {
        refused("/bin/false", "its SFTP server ended");
    }
}

}  // namespace pchat::test
