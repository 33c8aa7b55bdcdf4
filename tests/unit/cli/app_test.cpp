// SPDX-License-Identifier: Apache-2.0
#include "cli/app.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/sample_table.h"

#include <nlohmann/json.hpp>

using namespace pchat;
using Catch::Contains;

namespace {

/// The sample command line, run in this process.
struct Sample : test::CliSession {
    test::SampleSeen seen;
    cli::CommandTable table = test::sample_table(seen);

    int operator()(const std::string& line) { return run(line, table); }
};

}  // namespace

TEST_CASE("app: a failure is one line of what and why, and one of what to do", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room fail") == 1);
    CHECK(pchatctl.out.str().empty());
    CHECK(
        pchatctl.err.str() ==
        "pchatctl: room fail: room 'lobby' exists already\nhint: pchatctl room get lobby\n"
    );
}

TEST_CASE("app: where it failed is said only with -v, and -q keeps the error", "[app]") {
    Sample pchatctl;
    pchatctl("room fail -v");
    CHECK_THAT(pchatctl.err.str(), Contains("  in: insert room\nhint:"));
    pchatctl("room fail -q");
    CHECK_THAT(pchatctl.err.str(), Contains("exists already"));
}

TEST_CASE("app: with -o json the failure is the one document on stdout", "[app]") {
    Sample pchatctl;
    for (const char* line : {"room fail -o json", "-ojson room fail", "room --output=json fail"}) {
        CHECK(pchatctl(line) == 1);
        CHECK(
            nlohmann::json::parse(pchatctl.out.str()) ==
            nlohmann::json{
                {"error",
                 {{"code", "conflict"},
                  {"message", "room 'lobby' exists already"},
                  {"hint", "pchatctl room get lobby"}}}}
        );
        CHECK_THAT(pchatctl.err.str(), Contains("exists already"));
    }
}

TEST_CASE("app: a line that is not understood fails as json, too", "[app]") {
    Sample pchatctl;
    for (const char* line :
         {"room crate -o json", "room create -o json", "-o json room create x --strct"}) {
        CHECK(pchatctl(line) == 2);
        CHECK(nlohmann::json::parse(pchatctl.out.str())["error"]["code"] == "usage");
    }
    pchatctl.variables["PCHATCTL_OUTPUT"] = "json";
    CHECK(pchatctl("room fail") == 1);
    CHECK(nlohmann::json::parse(pchatctl.out.str())["error"]["code"] == "conflict");
}

TEST_CASE("app: a silent failure prints nothing and keeps its exit code", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room fail silent -o json") == 3);
    CHECK(pchatctl.out.str() + pchatctl.err.str() == "");
    CHECK(pchatctl("room fail pending") == 8);
}

TEST_CASE("app: an exception becomes a short message, its text only with -v", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room fail throw") == 1);
    CHECK_THAT(
        pchatctl.err.str(), Contains("an error of the program itself") && !Contains("inner reason")
    );
    pchatctl("room fail throw -v");
    CHECK_THAT(pchatctl.err.str(), Contains("the inner reason"));
}

TEST_CASE("app: a flag wins over the environment, which wins over the default", "[app]") {
    Sample pchatctl;
    pchatctl("room create lobby");
    CHECK(pchatctl.seen.global.output == "table");
    pchatctl.variables["PCHATCTL_OUTPUT"] = "name";
    pchatctl("room create lobby");
    CHECK(pchatctl.seen.global.output == "name");
    pchatctl("room create lobby -o json");
    CHECK(pchatctl.seen.global.output == "json");
}

TEST_CASE(
    "app: an output format that only other commands have is no mistake in the environment", "[app]"
) {
    Sample pchatctl;
    pchatctl.variables["PCHATCTL_OUTPUT"] = "yaml";
    CHECK(pchatctl("room create lobby") == 0);
    CHECK(pchatctl.seen.global.output == "table");
    pchatctl.variables["PCHATCTL_OUTPUT"] = "yml";
    CHECK(pchatctl("room create lobby") == 2);
    CHECK_THAT(
        pchatctl.err.str(),
        Contains("PCHATCTL_OUTPUT takes one of") && Contains("did you mean 'yaml'?")
    );
}

TEST_CASE("app: colour follows the stream and --no-color", "[app]") {
    Sample pchatctl;
    pchatctl.terminal.colour_err = true;
    pchatctl("room fail");
    CHECK_THAT(pchatctl.err.str(), Contains("\x1b[1;31mpchatctl:\x1b[0m"));
    for (const char* line : {"room fail --no-color", "room crate --no-color", "--no-color room"}) {
        pchatctl(line);
        CHECK_THAT(pchatctl.err.str(), !Contains("\x1b") && Contains("hint:"));
    }
}

TEST_CASE("app: a noun alone lists its verbs on stderr", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room") == 2);
    CHECK(pchatctl.out.str().empty());
    CHECK_THAT(
        pchatctl.err.str(),
        Contains("create  Create a room") &&
            Catch::EndsWith("pchatctl: room: a verb is missing\nhint: pchatctl room --help\n")
    );
    CHECK(pchatctl("room add") == 2);
    CHECK_THAT(pchatctl.err.str(), Contains("pool") && Contains("member"));
}

TEST_CASE("app: a flag alone is no command", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("-q") == 2);
    CHECK_THAT(
        pchatctl.err.str(), Contains("no command is given") && Contains("hint: pchatctl --help")
    );
}

TEST_CASE("app: the guess for a mistyped command is never run", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room creat lobby") == 2);
    CHECK_FALSE(pchatctl.seen.ran);
    CHECK(
        pchatctl.err.str() ==
        "pchatctl: room: unknown verb 'creat', did you mean 'create'?\nhint: pchatctl room --help\n"
    );
    CHECK(pchatctl("roon create lobby") == 2);
    CHECK(
        pchatctl.err.str() ==
        "pchatctl: unknown command 'roon', did you mean 'room'?\nhint: pchatctl --help\n"
    );
}

TEST_CASE("app: help needs no valid line", "[app]") {
    Sample pchatctl;
    CHECK(pchatctl("room create --bananas -h") == 0);
    CHECK_THAT(pchatctl.out.str(), Contains("USAGE"));
    CHECK(pchatctl.err.str().empty());
}

TEST_CASE("app: help longer than the screen goes through the pager", "[app]") {
    Sample pchatctl;
    pchatctl.terminal.out_is_tty = true;
    pchatctl.terminal.height = 10;
    CHECK(pchatctl("room create -h") == 0);
    REQUIRE(pchatctl.paged.size() == 2);
    CHECK(pchatctl.paged[0] == "less -FRX");
    CHECK(pchatctl.out.str().empty());
    for (const char* line : {"room create -h --no-pager", "--no-pager help"}) {
        pchatctl(line);
        CHECK(pchatctl.paged.empty());
    }
}
