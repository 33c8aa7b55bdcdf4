// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/sample_table.h"
#include "tests/support/temp_dir.h"

using namespace pchat;
using Catch::Contains;
using Words = std::vector<std::string>;

namespace {

/// What the shell is told when Tab is pressed behind the last word.
struct Tab : test::CliSession {
    test::SampleSeen seen;
    cli::CommandTable table = test::sample_table(seen);

    std::string lines(const Words& words) {
        variables["PCHATCTL_COMPLETE"] = std::to_string(words.size());
        CHECK(run_words(words, table) == 0);
        CHECK(err.str().empty());
        CHECK_FALSE(seen.ran);
        return out.str();
    }

    /// The candidates alone, separated by blanks.
    std::string words(const Words& typed) {
        std::istringstream text(lines(typed));
        std::string found;
        for (std::string line; std::getline(text, line);)
            found += (found.empty() ? "" : " ") + line.substr(0, line.find('\t'));
        return found;
    }
};

constexpr const char* two_pools = R"(apiVersion: pchat/v1
kind: Topology
metadata: {name: a}
spec:
  domain: contoso.example
  pools:
    - {fqdn: east.contoso.example, machines: [{fqdn: m1.contoso.example}]}
    - {fqdn: west.contoso.example}
)";

}  // namespace

TEST_CASE("complete: nouns, verbs and verbs of two words", "[complete]") {
    Tab tab;
    CHECK(tab.words({""}) == "room version");
    CHECK(tab.words({"v"}) == "version");
    CHECK(tab.words({"room", ""}) == "create list fail add");
    CHECK(tab.words({"room", "add", "m"}) == "member");
    CHECK(tab.words({"--no-color", "room", "c"}) == "create");
}

TEST_CASE("complete: a candidate comes with its description", "[complete]") {
    Tab tab;
    CHECK(tab.lines({"room", "cr"}) == "create\tCreate a room\n");
}

TEST_CASE("complete: flags of the command and the global ones", "[complete]") {
    Tab tab;
    CHECK(tab.words({"room", "create", "--ou"}) == "--output");
    CHECK(tab.words({"room", "create", "--s"}) == "--size --strict");
    CHECK(tab.words({"room", "add", "pool", "--ou"}).empty());
    CHECK(tab.words({"--h"}) == "--help");
}

TEST_CASE(
    "complete: a flag that is given already is offered again only when it may be repeated",
    "[complete]"
) {
    Tab tab;
    CHECK(tab.words({"room", "create", "--strict", "--member", "a", "--s"}) == "--size");
    CHECK(tab.words({"room", "create", "--member", "a", "--m"}) == "--member");
}

TEST_CASE("complete: values behind a flag and in the same word", "[complete]") {
    Tab tab;
    CHECK(tab.words({"room", "create", "--privacy", ""}) == "open closed secret");
    CHECK(tab.words({"room", "create", "--privacy=s"}) == "--privacy=secret");
    CHECK(tab.words({"room", "create", "-o", "j"}) == "json");
    CHECK(tab.words({"room", "create", "--active="}) == "--active=true --active=false");
}

TEST_CASE("complete: paths are left to the shell", "[complete]") {
    Tab tab;
    CHECK(tab.lines({"room", "create", "-f", "to"}) == ":files\n");
    CHECK(tab.lines({"room", "create", "--file=to"}) == ":files\n");
}

TEST_CASE("complete: behind two dashes there are no flags", "[complete]") {
    Tab tab;
    CHECK(tab.words({"room", "create", "--", "--s"}).empty());
}

TEST_CASE("complete: names come from the topology in reach", "[complete]") {
    const test::TempDir dir;
    const std::string file = dir.write("topo.yaml", two_pools).string();
    Tab tab;
    CHECK(
        tab.words({"room", "create", "-f", file, "--pool", ""}) ==
        "east.contoso.example west.contoso.example"
    );
    CHECK(
        tab.words({"room", "create", "--file=" + file, "--pool=w"}) == "--pool=west.contoso.example"
    );
    tab.variables["PCHATCTL_TOPOLOGY"] = file;
    CHECK(tab.words({"room", "create", "--pool", "e"}) == "east.contoso.example");
    tab.variables["HOME"] = dir.path().string();
    CHECK(
        tab.words({"room", "create", "-f", "~/topo.yaml", "--pool", "e"}) == "east.contoso.example"
    );
}

TEST_CASE("complete: each kind of thing in a topology has names", "[complete]") {
    test::CliSession session;
    cli::Context ctx = session.context();
    const std::string file = PCHAT_SOURCE_DIR "/examples/enterprise-multiple.yaml";
    for (const char* kind :
         {"site",
          "data-center",
          "front-end",
          "sql-instance",
          "file-store",
          "pool",
          "machine",
          "rule"}) {
        INFO(kind);
        CHECK_FALSE(cli::topology_names(ctx, kind, file).empty());
    }
    CHECK(cli::topology_names(ctx, "banana", file).empty());
}

TEST_CASE(
    "complete: a topology that is missing, broken or on stdin gives no names and no noise",
    "[complete]"
) {
    const test::TempDir dir;
    const std::string broken = dir.write("broken.yaml", "spec: [\n").string();
    Tab tab;
    for (const std::string& file :
         {broken, dir.path().string(), std::string("/nowhere.yaml"), std::string("-")})
        CHECK(tab.lines({"room", "create", "-f", file, "--pool", ""}).empty());
}

TEST_CASE("complete: odd questions get no answer and no error", "[complete]") {
    Tab tab;
    CHECK(tab.words({"room", "nonsense", ""}).empty());
    CHECK(tab.words({"version", "x", ""}).empty());
    CHECK(tab.words({"room", "create", "--bogus", "--"}).find("--strict") != std::string::npos);
    for (const char* index : {"0", "-1", "x", "99999999999999999999", ""}) {
        tab.variables["PCHATCTL_COMPLETE"] = index;
        if (*index != 0)
            CHECK(tab.run("room", tab.table) == 0);
        CHECK(tab.out.str().empty());
    }
    tab.variables["PCHATCTL_COMPLETE"] = "7";
    CHECK(tab.run("room", tab.table) == 0);
}

TEST_CASE("complete: help completes commands and topics", "[complete]") {
    test::CliSession session;
    session.variables["PCHATCTL_COMPLETE"] = "2";
    session.run_words({"help", "exit"});
    CHECK_THAT(session.out.str(), Contains("exit-codes\t"));
    session.variables["PCHATCTL_COMPLETE"] = "3";
    session.run_words({"help", "topology", "val"});
    CHECK_THAT(session.out.str(), Contains("validate\t"));
    session.variables["PCHATCTL_COMPLETE"] = "2";
    session.run_words({"completion", ""});
    CHECK(session.out.str() == "bash\t\nfish\t\nzsh\t\n");
}
