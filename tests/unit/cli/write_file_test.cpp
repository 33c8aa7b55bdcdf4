// SPDX-License-Identifier: Apache-2.0
#include "cli/write_file.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

namespace fs = std::filesystem;

std::size_t entries(const fs::path& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator{})
    );
}

mode_t mode_of(const fs::path& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
}

// What replace_file says to somebody who is not root; root is asked for no permission.
std::string told_without_privileges(const fs::path& directory, const fs::path& file) {
    constexpr uid_t nobody = 65534;
    const bool root = ::geteuid() == 0;
    if (root && (::chown(directory.c_str(), nobody, nobody) != 0 ||
                 ::chown(file.c_str(), nobody, nobody) != 0))
        return "no chown";
    const pid_t child = ::fork();
    if (child == 0) {
        if (root && (::setgid(nobody) != 0 || ::setuid(nobody) != 0))
            ::_exit(1);
        const auto written = replace_file(file, "old", "new");
        const bool denied = !written && written.error().code == Errc::denied &&
                            written.error().message.ends_with("Permission denied");
        ::_exit(written ? 2 : denied ? 3 : 4);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return "no child";
    return WEXITSTATUS(status) == 2   ? "written"
           : WEXITSTATUS(status) == 3 ? "Permission denied"
                                      : "something else";
}

}  // namespace

TEST_CASE("write file: puts the new text in the place of the old one", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    REQUIRE_OK(replace_file(file, "old", "new\0text\n"));
    CHECK(read_file(file) == std::string_view{"new\0text\n"});
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("write file: keeps the mode", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    for (const mode_t mode : {0600U, 0640U, 0666U, 0755U}) {
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        REQUIRE_OK(replace_file(file, read_file(file), "text"));
        CHECK(mode_of(file) == mode);
    }
}

TEST_CASE("write file: keeps the owner", "[write-file]") {
    if (::geteuid() != 0) {
        WARN("only root can give files away: not tested");
        return;
    }
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    REQUIRE(::chown(file.c_str(), 1234, 2345) == 0);
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    REQUIRE_OK(replace_file(file, "old", "new"));
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    CHECK(facts.st_uid == 1234);
    CHECK(facts.st_gid == 2345);
    CHECK((facts.st_mode & 07777) == 0640);
}

TEST_CASE("write file: follows a symbolic link instead of replacing it", "[write-file]") {
    const TempDir dir;
    dir.write("real/topo.yaml", "old");
    const fs::path link = dir.path() / "link.yaml";
    fs::create_symlink("real/topo.yaml", link);
    REQUIRE_OK(replace_file(link, "old", "new"));
    CHECK(fs::is_symlink(link));
    CHECK(read_file(dir.path() / "real/topo.yaml") == "new");
    CHECK(entries(dir.path() / "real") == 1);
    CHECK(entries(dir.path()) == 2);

    fs::create_symlink("loop", dir.path() / "loop");
    REQUIRE_ERR(replace_file(dir.path() / "loop", "", "new"), Errc::io, "loop");
}

TEST_CASE("write file: a file that somebody changed meanwhile is left as it is", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "theirs");
    for (const char* read_before : {"ours", "theirs and more", "", "their"})
        REQUIRE_ERR(
            replace_file(file, read_before, "new"),
            Errc::conflict,
            "was changed by somebody else meanwhile"
        );
    CHECK(read_file(file) == "theirs");
    CHECK(entries(dir.path()) == 1);
    fs::remove(file);
    REQUIRE_ERR(replace_file(file, "theirs", "new"), Errc::not_found, "No such file");
    fs::create_directory(file);
    REQUIRE_ERR(replace_file(file, "theirs", "new"), Errc::invalid, "not a regular file");
}

TEST_CASE("write file: a full disk leaves the old text and nothing else", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    // In a process of its own: a limit cannot be taken back.
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto written = replace_file(file, "old", std::string(5000, 'x'));
        const bool told = !written && written.error().message.find("cannot write") == 0;
        ::_exit(told ? 7 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
    CHECK(read_file(file) == "old");
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("write file: Ctrl-C waits until the file is whole", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Pending before it begins: without holding it back the process would end at the first
        // step.
        sigset_t interrupt;
        sigemptyset(&interrupt);
        sigaddset(&interrupt, SIGINT);
        sigprocmask(SIG_BLOCK, &interrupt, nullptr);
        ::raise(SIGINT);
        const auto written = replace_file(file, "old", "new");
        ::_exit(written ? 7 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(read_file(file) == "new");
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("write file: without permission nothing is written", "[write-file]") {
    const TempDir dir;
    const auto file = dir.write("topo.yaml", "old");
    REQUIRE(::chmod(file.c_str(), 0444) == 0);
    CHECK(told_without_privileges(dir.path(), file) == "Permission denied");
    REQUIRE(::chmod(file.c_str(), 0666) == 0);
    REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
    CHECK(told_without_privileges(dir.path(), file) == "Permission denied");
    REQUIRE(::chmod(dir.path().c_str(), 0700) == 0);
    CHECK(told_without_privileges(dir.path(), file) == "written");
    CHECK(entries(dir.path()) == 1);
}

TEST_CASE("write file: a new file does not replace anything", "[write-file]") {
    const TempDir dir;
    const fs::path file = dir.path() / "new.yaml";
    REQUIRE_OK(create_file(file, "text"));
    CHECK(read_file(file) == "text");
    REQUIRE_ERR(create_file(file, "other"), Errc::conflict, "exists already");
    CHECK(read_file(file) == "text");
    CHECK(entries(dir.path()) == 1);

    fs::create_symlink("nowhere", dir.path() / "dangling");
    REQUIRE_ERR(create_file(dir.path() / "dangling", "text"), Errc::conflict, "exists already");
    REQUIRE_ERR(
        create_file(dir.path() / "no/such/dir.yaml", "text"),
        Errc::not_found,
        "No such file or directory"
    );

    const mode_t before = ::umask(027);
    REQUIRE_OK(create_file(dir.path() / "masked.yaml", "text"));
    ::umask(before);
    CHECK(mode_of(dir.path() / "masked.yaml") == 0640);
}
