// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/sftp_wire.h"
#include "cli/ssh/ssh_command.h"
#include "cli/ssh/ssh_point.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>

namespace pchat::test {

using cli::parse_ssh_point;
using cli::SshPoint;

TEST_CASE("ssh point: reads who, where and which port", "[ssh]") {
    const auto check = [](const char* text, const SshPoint& wanted, const char* place) {
        CAPTURE(text);
        const Result<SshPoint> got = parse_ssh_point(text, "ann");
        REQUIRE_OK(got);
        CHECK(got->user == wanted.user);
        CHECK(got->host == wanted.host);
        CHECK(got->port == wanted.port);
        CHECK(got->place() == place);
    };
    check("gate", {"ann", "gate", 22}, "gate:22");
    check("root@gate.example:2222", {"root", "gate.example", 2222}, "gate.example:2222");
    check("10.0.0.1:1", {"ann", "10.0.0.1", 1}, "10.0.0.1:1");
    check("fd00::1", {"ann", "fd00::1", 22}, "[fd00::1]:22");
    check("bob@[fd00::1]:65535", {"bob", "fd00::1", 65535}, "[fd00::1]:65535");
    check("[fd00::1]", {"ann", "fd00::1", 22}, "[fd00::1]:22");
}

TEST_CASE("ssh point: refuses what names no machine", "[ssh]") {
    for (const char* text :
         {"",
          "@gate",
          "gate:",
          "gate:0",
          "gate:65536",
          "gate:ssh",
          "gate:22x",
          "-oProxyCommand=x",
          "a b",
          "root@",
          "[fd00::1",
          "[fd00::1]22",
          "gate;reboot",
          "a:b@gate",
          "gate\n"}) {
        CAPTURE(text);
        REQUIRE_ERR(parse_ssh_point(text, "ann"), Errc::invalid, "'");
    }
}

TEST_CASE("ssh command: any word is one word", "[ssh]") {
    CHECK(cli::shell_word("") == "''");
    CHECK(cli::shell_word("a'b") == R"('a'\''b')");
    using cli::RootBy;
    const auto root = cli::root_command(RootBy::sign_in, "true", {"a b"}, "input");
    REQUIRE_OK(root);
    CHECK_THAT(root->line, Catch::StartsWith("/bin/sh -c '"));
    CHECK_THAT(root->line, Catch::EndsWith("' pchat-node 'a b'"));
    CHECK(root->input == "true\n#endinput");
    const auto other = cli::root_command(RootBy::sudo, "true", {}, {});
    REQUIRE_OK(other);
    CHECK_THAT(other->line, Catch::StartsWith("sudo -n -- /bin/sh -c '"));
    for (const std::string& script : {std::string(1, '\0'), std::string("a\0b", 3)})
        REQUIRE_ERR(
            cli::root_command(RootBy::sign_in, script, {}, {}), Errc::internal, "zero byte"
        );
}

TEST_CASE("ssh command: a script that was cut off is not begun", "[ssh]") {
    const TempDir folder;
    const auto command =
        cli::root_command(cli::RootBy::sign_in, "echo begun; cat; exit 3", {}, "and fed\n");
    REQUIRE_OK(command);
    const auto run_with = [&](const std::string& input) {
        const std::string in = folder.write("in", input).string();
        const std::string out = (folder.path() / "out").string();
        const int status = std::system(fmt::format("{} <{} >{}", command->line, in, out).c_str());
        return fmt::format("{} {}", WEXITSTATUS(status), read_file(out));
    };
    CHECK(run_with(command->input) == "3 begun\nand fed\n");
    for (const std::size_t length : {0UL, 11UL, 23UL, 26UL}) {
        CAPTURE(length);
        CHECK(run_with(command->input.substr(0, length)) == "255 ");
    }
}

TEST_CASE("ssh sftp: takes answers as they come, in any pieces", "[ssh]") {
    using namespace std::string_literals;
    const std::string status = "\0\0\0\x18\x65\0\0\0\7\0\0\0\4\0\0\0\7Failure\0\0\0\0"s;
    const std::string handle = "\0\0\0\xb\x66\0\0\0\x8\0\0\0\2\0h"s;
    const std::string both = status + handle;
    std::string bytes;
    std::vector<cli::sftp::Reply> got;
    bool broken = false;
    for (const char byte : both) {
        bytes += byte;
        if (auto reply = cli::sftp::take_reply(bytes, broken))
            got.push_back(*reply);
        CHECK_FALSE(broken);
    }
    REQUIRE(got.size() == 2);
    CHECK(got[0].id == 7);
    CHECK(got[0].status == cli::sftp::Status::failure);
    CHECK(got[0].text == "Failure");
    CHECK(got[1].id == 8);
    CHECK(got[1].kind == cli::sftp::Reply::Kind::handle);
    CHECK(got[1].text == "\0h"s);
    CHECK(bytes.empty());
}

TEST_CASE("ssh sftp: sees what is no answer", "[ssh]") {
    using namespace std::string_literals;
    for (const std::string& text :
         {"Welcome to this machine!\n"s,             // a length of a gigabyte
          "\0\0\0\0"s,                               // no type
          "\0\0\0\x3\x65\0\0"s,                      // no whole number
          "\0\0\0\xb\x66\0\0\0\x8\0\0\0\x9\0h"s}) {  // a text beyond its end
        CAPTURE(text);
        std::string bytes = text;
        bool broken = false;
        cli::sftp::take_reply(bytes, broken);
        CHECK(broken);
    }
}

}  // namespace pchat::test
