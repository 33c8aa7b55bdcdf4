// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace pchat;
using namespace pchat::cli;

namespace {

Child shell(const std::string& script) {
    Child child;
    child.program = "/bin/sh";
    child.arguments = {"-c", script};
    return child;
}

}  // namespace

TEST_CASE("child: both streams, the exit code, and no input", "[child]") {
    const auto done = run_child(shell("cat; echo out; echo err >&2; exit 7"));
    REQUIRE_OK(done);
    CHECK(done->out == "out\n");
    CHECK(done->err == "err\n");
    CHECK(done->exit_code == 7);
}

TEST_CASE("child: arguments are words, whatever they hold", "[child]") {
    Child child;
    child.program = "/usr/bin/printf";
    child.arguments = {"%s|", "a b", "$HOME", "'\";`id`", ""};
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK(done->out == "a b|$HOME|'\";`id`||");
}

TEST_CASE("child: variables are added, replaced and kept from it", "[child]") {
    ::setenv("PCHAT_TEST_HIDDEN", "x", 1);
    ::setenv("PCHAT_SEEN", "x", 1);
    Child child = shell("echo \"$PCHAT_TEST_HIDDEN,$PCHAT_SEEN,$PCHAT_TEST_NEW\"");
    child.hidden_prefix = "PCHAT_TEST";
    child.environment = {{"PCHAT_TEST_NEW", "new"}, {"PCHAT_SEEN", "other"}};
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK(done->out == ",other,new\n");
}

TEST_CASE("child: more than fits is read and dropped", "[child]") {
    Child child = shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo end >&2");
    child.limit = 1000;
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK(done->out.size() == 1000);
    CHECK(done->err.size() == 1000);
    CHECK(done->exit_code == 0);
}

TEST_CASE("child: one that is told to stop ends by a signal", "[child]") {
    Child child = shell("exec sleep 60");
    child.stop = [] { return true; };
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK(done->exit_code == 128 + SIGTERM);
}

TEST_CASE("child: one that does not listen is killed", "[child]") {
    Child child = shell("trap '' TERM; while :; do sleep 0.01; done");
    child.stop = [] { return true; };
    child.grace = std::chrono::milliseconds{20};
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK(done->exit_code == 128 + SIGKILL);
}

TEST_CASE("child: what it leaves running is not waited for", "[child]") {
    const test::TempDir dir;
    const std::string file = dir.write("busy", "").string();
    // Keeps both streams open for as long as the file is there.
    const auto done = run_child(
        shell(fmt::format("(while [ -e '{}' ]; do sleep 0.01; done) & echo out; exit 7", file))
    );
    REQUIRE_OK(done);
    CHECK((done->out == "out\n" && done->exit_code == 7));
    std::filesystem::remove(file);
}

TEST_CASE("child: what it says is passed on as it comes", "[child]") {
    const test::TempDir dir;
    const std::string file = (dir.path() / "heard").string();
    Child child =
        shell(fmt::format("echo one; while [ ! -e '{}' ]; do sleep 0.01; done; echo two >&2", file)
        );
    std::string seen;
    child.limit = 0;
    child.seen = [&](std::string_view text) {
        seen += text;
        std::ofstream{file} << "heard";
    };
    const auto done = run_child(child);
    REQUIRE_OK(done);
    CHECK((seen == "one\ntwo\n" && done->out.empty() && done->err.empty()));
}

TEST_CASE("child: what cannot be started is an error", "[child]") {
    Child child;
    child.program = "/nonexistent/program";
    REQUIRE_ERR(run_child(child), Errc::not_found, "cannot run /nonexistent/program");
}

TEST_CASE("child: programs are found in the order of the PATH", "[child]") {
    const test::TempDir dir;
    for (const char* folder : {"a", "b"}) {
        const auto file = dir.write(std::string{folder} + "/tool", "#!/bin/sh\n");
        std::filesystem::permissions(
            file, std::filesystem::perms{folder[0] == 'a' ? 0644U : 0755U}
        );
    }
    const std::string base = dir.path().string();
    CHECK(find_program("tool", base + "/a:" + base + "/b") == base + "/b/tool");
    CHECK(find_program("tool", base + "/a") == std::nullopt);
    CHECK(find_program("tool", "") == std::nullopt);
    CHECK(find_program("sh", "bin:/bin") == "/bin/sh");
}
