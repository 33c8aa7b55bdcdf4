// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ssh/ssh_scene.h"
#include "tests/support/catch.h"

#include <filesystem>

namespace pchat::test {
namespace {

constexpr std::size_t mebibyte = 1UL << 20;

/// Not the same everywhere, so that a block that is lost or comes twice is seen.
std::string many_bytes(std::size_t size) {
    std::string out(size, '\0');
    std::uint32_t state = 1;
    for (char& byte : out) {
        state = state * 1'664'525 + 1'013'904'223;
        byte = static_cast<char>(state >> 24U);
    }
    return out;
}

}  // namespace

TEST_CASE("ssh run: gives what a command says, and how it ends", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    CHECK(link->user() == scene.server->user());
    const Ran ran = run(*link, "echo out; echo err >&2; exit 3");
    CHECK(ran.status == 3);
    CHECK(ran.out == "out\n");
    CHECK(ran.err == "err\n");
    CHECK(run(*link, "true").status == 0);
    CHECK(run(*link, "kill -9 $$").status == 128 + 9);
    CHECK(run(*link, "kill -TERM $$").status == 128 + 15);
}

TEST_CASE("ssh run: words and scripts arrive as they are", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::vector<std::string> words{
        "", "a b", "it's", R"($HOME `id` "x" \)", "-n", "two\nlines", "*", "höflich"};
    const Ran ran = run(*link, R"(echo "$0"; for word; do printf '<%s>' "$word"; done)", words);
    std::string wanted = "pchat-node\n";
    for (const std::string& word : words)
        wanted += "<" + word + ">";
    CHECK(ran.out == wanted);

    SECTION("a long script, and what it reads") {
        const std::string script =
            "echo begin\n# " + std::string(300'000, 'x') + "\necho 'the end'; exec cat";
        CHECK(run(*link, script, {}, "in\nput").out == "begin\nthe end\nin\nput");
    }
    SECTION("a word that no Linux would take is refused") {
        const auto refused = link->run("true", {std::string(140'000, '#')}, {}, long_enough);
        REQUIRE_ERR(refused, Errc::too_large, "too long");
    }
}

TEST_CASE("ssh run: carries a mebibyte and more in all directions at once", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const std::string input = many_bytes(3 * mebibyte + 17);
    const Ran ran = run(*link, "tee /dev/stderr", {}, input);
    CHECK(ran.status == 0);
    CHECK(ran.out == input);
    CHECK(ran.err == input);

    SECTION("output before a byte of the input is read") {
        const Ran late = run(*link, "head -c 2000000 /dev/zero; cat >&2", {}, input);
        CHECK(late.out == std::string(2'000'000, '\0'));
        CHECK(late.err == input);
    }
    SECTION("a command that ends without reading its input") {
        const Ran ran_away = run(*link, "echo enough; exit 4", {}, input);
        CHECK(ran_away.status == 4);
        CHECK(ran_away.out == "enough\n");
    }
    SECTION("no input is an end, not a wait") {
        CHECK(run(*link, "cat; echo over").out == "over\n");
    }
}

TEST_CASE("ssh run: ends what takes too long or says too much, and the link goes on", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    SECTION("too long") {
        const auto late = link->run("echo begun; sleep 600", {}, {}, std::chrono::seconds{1});
        REQUIRE_ERR(late, Errc::timeout, "has not ended within 1 s");
    }
    SECTION("too long while it talks") {
        const auto late =
            link->run("while :; do echo x >&2; sleep 0.01; done", {}, {}, std::chrono::seconds{1});
        REQUIRE_ERR(late, Errc::timeout, "has not ended within 1 s");
    }
    SECTION("too much") {
        const auto much = link->run("head -c 100000000 /dev/zero", {}, {}, long_enough);
        REQUIRE_ERR(much, Errc::too_large, "more than 4 MiB");
    }
    SECTION("as much as is allowed") {
        CHECK(run(*link, "head -c 4194304 /dev/zero").out.size() == 4 * mebibyte);
    }
    for (int i = 0; i < 3; ++i)
        CHECK(run(*link, "echo alive").out == "alive\n");
}

TEST_CASE("ssh run: a command that nobody waits for does not hold the link", "[ssh]") {
    SshScene scene;
    if (!scene.works())
        return;
    const auto link = scene.connect();
    const Ran ran = run(*link, "sleep 600 >/dev/null 2>&1 </dev/null & echo $!");
    CHECK(ran.status == 0);
    CHECK(run(*link, "kill $1", {ran.out.substr(0, ran.out.find('\n'))}).status == 0);
}

}  // namespace pchat::test
