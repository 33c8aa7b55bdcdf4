// SPDX-License-Identifier: Apache-2.0
#include "cli/bound_command.h"
#include "cli/commands/rows.h"
#include "cli/parse.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"
#include "topology/templates.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using namespace pchat::test;

namespace {

struct Outcome {
    Result<void> result;
    std::string out;
    std::string err;
};

const std::vector<Command>& rows() {
    static const std::vector<Command> all = topology_edit_commands();
    return all;
}

const Command& row(const std::string& path) {
    const auto found = std::find_if(rows().begin(), rows().end(), [&](const Command& one) {
        return one.path == path;
    });
    REQUIRE(found != rows().end());
    return *found;
}

Outcome run(
    const std::string& path, const std::vector<std::string>& words, const std::string& input = {}
) {
    BoundCommand bound{row(path)};
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in{input};
    Context ctx{
        .out = out,
        .err = err,
        .in = in,
        .terminal = {},
        .global = {},
        .environment = [](const std::string&) { return std::nullopt; },
        .today = {2026, 1, 1}};
    auto parsed = parse(bound, words);
    if (!parsed)
        return {pass(parsed.error()), {}, {}};
    ctx.global = bound.options();
    auto result = bound.run()(ctx);
    return {std::move(result), out.str(), err.str()};
}

const Arg* find_arg(const std::vector<Arg>& args, const std::string& name) {
    const auto found =
        std::find_if(args.begin(), args.end(), [&](const Arg& one) { return one.name == name; });
    return found == args.end() ? nullptr : &*found;
}

struct Fixture {
    TempDir dir;
    std::string text = *topology::fill_template("enterprise-multiple", {});
    std::string file = dir.write("topo.yaml", text);

    [[nodiscard]] std::string now() const { return read_file(file); }
};

}  // namespace

TEST_CASE("topology edit commands: flags come from the field table", "[topology-edit]") {
    const BoundCommand add{row("topology add pool")};
    for (const char* name :
         {"display-name",
          "ports-https",
          "ports-bus-client",
          "databases-content",
          "compliance-enabled",
          "tls-key",
          "machine",
          "file",
          "force",
          "if-not-exists"})
        CHECK(find_arg(add.own(), name) != nullptr);
    CHECK(find_arg(add.own(), "fqdn")->positional);
    CHECK(find_arg(add.own(), "fqdn")->required);
    CHECK(find_arg(add.own(), "site")->refers == "site");
    CHECK(find_arg(add.own(), "kind")->choices == std::vector<std::string>{"single", "multiple"});
    CHECK(find_arg(add.own(), "machine")->repeatable);
    CHECK(find_arg(add.own(), "unset") == nullptr);
    const BoundCommand set{row("topology set pool")};
    CHECK(find_arg(set.own(), "fqdn")->refers == "pool");
    CHECK(find_arg(set.own(), "unset")->repeatable);
    CHECK(find_arg(set.own(), "machine") == nullptr);
}

TEST_CASE(
    "topology edit commands: no two flags of a command have the same name", "[topology-edit]"
) {
    for (const Command& command : rows()) {
        const BoundCommand bound{command};
        std::vector<std::string> names;
        for (const Arg& arg : bound.all())
            names.push_back(arg.name);
        std::sort(names.begin(), names.end());
        INFO(command.path);
        CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    }
}

TEST_CASE("topology add: writes the file and says what is true now", "[topology-edit]") {
    const Fixture f;
    const auto done =
        run("topology add site",
            {"branch", "--default-pool", "pchat.contoso.example", "-f", f.file});
    REQUIRE_OK(done.result);
    CHECK(done.out == "site/branch added to " + f.file + "\n");
    CHECK(done.err == "next: pchatctl topology validate " + f.file + "\n");
    CHECK(
        f.now().find("    - {name: branch, defaultPool: pchat.contoso.example}\n") !=
        std::string::npos
    );
}

TEST_CASE("topology add: what exists is an error unless that is fine", "[topology-edit]") {
    const Fixture f;
    const auto refused = run("topology add site", {"redmond", "-f", f.file});
    REQUIRE_ERR(refused.result, Errc::conflict, "site 'redmond' is in");
    const auto fine = run("topology add site", {"redmond", "--if-not-exists", "-f", f.file});
    REQUIRE_OK(fine.result);
    CHECK(fine.err == "no changes\n");
    CHECK(f.now() == f.text);
}

TEST_CASE("topology edit: --dry-run shows the difference and writes nothing", "[topology-edit]") {
    const Fixture f;
    const auto done =
        run("topology set pool",
            {"pchat.contoso.example", "--ports-https", "8443", "--dry-run", "--file", f.file});
    REQUIRE_OK(done.result);
    CHECK(done.out.starts_with("--- " + f.file + "\n+++ " + f.file + "\n@@ -"));
    CHECK(
        done.out.find("\n-      ports: {sip: 5041, https: 443}  # these are the defaults\n+      "
                      "ports: {sip: 5041, https: 8443}  # these") != std::string::npos
    );
    CHECK(done.err == "dry run: nothing was written\n");
    CHECK(f.now() == f.text);
}

TEST_CASE(
    "topology remove: what others refer to stays, with the reasons shown", "[topology-edit]"
) {
    const Fixture f;
    const auto refused = run("topology remove file-store", {"files", "-f", f.file});
    REQUIRE_ERR(refused.result, Errc::bad_file, "nothing was written: " + f.file + " would have");
    CHECK(refused.err.find("error[REF-01]") != std::string::npos);
    CHECK(f.now() == f.text);
    const auto dry = run("topology remove file-store", {"files", "--dry-run", "-f", f.file});
    REQUIRE_ERR(dry.result, Errc::bad_file, "nothing was written");
    CHECK(dry.out.find("-    - {name: files") != std::string::npos);
    const auto forced = run("topology remove file-store", {"files", "--force", "-f", f.file});
    REQUIRE_OK(forced.result);
    CHECK(forced.err.find("error[REF-01]") != std::string::npos);
    CHECK(f.now().find("fileStores: []") != std::string::npos);
}

TEST_CASE(
    "topology set: the value there is already changes nothing, not even the time of the file",
    "[topology-edit]"
) {
    const Fixture f;
    const auto before = std::filesystem::last_write_time(f.file) - std::chrono::hours(1);
    std::filesystem::last_write_time(f.file, before);
    const auto done =
        run("topology set pool",
            {"pchat.contoso.example", "--ports-https=443", "--compliance-enabled", "-f", f.file});
    REQUIRE_OK(done.result);
    CHECK(done.out.empty());
    CHECK(done.err == "no changes\n");
    CHECK(std::filesystem::last_write_time(f.file) == before);
}

TEST_CASE(
    "topology set: a boolean takes a value behind the equals sign, fields are unset by either name",
    "[topology-edit]"
) {
    const Fixture f;
    REQUIRE_OK(run("topology set pool",
                   {"pchat.contoso.example",
                    "--compliance-enabled=false",
                    "--unset",
                    "databases-compliance",
                    "--unset",
                    "compliance.outputDirectory",
                    "-f",
                    f.file,
                    "--force"})
                   .result);
    CHECK(
        f.now().find("      databases: {content: content}\n      compliance:\n        enabled: "
                     "false\n      fileStore") != std::string::npos
    );
    REQUIRE_ERR(
        run("topology set pool", {"pchat.contoso.example", "-f", f.file}).result,
        Errc::usage,
        "nothing is given to set"
    );
    REQUIRE_ERR(
        run("topology set pool", {"pchat.contoso.example", "--unset", "portz", "-f", f.file})
            .result,
        Errc::invalid,
        "no field 'portz'"
    );
}

TEST_CASE("topology set: repairs a document that is not valid", "[topology-edit]") {
    const Fixture f;
    std::string broken = f.text;
    broken.replace(broken.find("version: 2015"), 13, "version: 2051");
    f.dir.write("topo.yaml", broken);
    REQUIRE_OK(run("topology set front-end",
                   {"fe.contoso.example", "--version", "2015", "-f", f.file})
                   .result);
    CHECK(f.now() == f.text);
}

TEST_CASE("topology edit: new warnings are shown, old ones are not", "[topology-edit]") {
    const Fixture f;
    const auto first = run("topology add data-center", {"dc9", "-f", f.file});
    REQUIRE_OK(first.result);
    CHECK(first.err.find("warning[OWN-04]") != std::string::npos);
    const auto second = run("topology set deployment", {"--description", "x", "-f", f.file});
    REQUIRE_OK(second.result);
    CHECK(second.err.find("OWN-04") == std::string::npos);
}

TEST_CASE("topology edit: a dry run does not show secrets written in place", "[topology-edit]") {
    const Fixture f;
    std::string text = f.text;
    const std::string reference = "\"file:secrets/content-run\"";
    REQUIRE(text.find(reference) != std::string::npos);
    text.replace(text.find(reference), reference.size(), "\"sa:hunter2\"");
    const auto dry =
        run("topology set sql-instance",
            {"content", "--port", "1", "--dry-run", "--force", "-f", "-"},
            text);
    REQUIRE_OK(dry.result);
    CHECK(dry.out.find("+++ <stdin>") != std::string::npos);
    CHECK((dry.out + dry.err).find("hunter2") == std::string::npos);
}

TEST_CASE("topology edit: bad values are usage errors that name the flag", "[topology-edit]") {
    const Fixture f;
    const auto port =
        run("topology set pool", {"pchat.contoso.example", "--ports-https", "80x", "-f", f.file});
    REQUIRE_ERR(
        port.result, Errc::usage, "--ports-https must be a whole number from 1 to 65535, got '80x'"
    );
    const auto secret =
        run("topology set sql-instance",
            {"content", "--credentials-run", "sa:hunter2", "-f", f.file});
    REQUIRE_ERR(secret.result, Errc::usage, "--credentials-run takes a reference");
    CHECK(describe(secret.result).find("hunter2") == std::string::npos);
    const auto both =
        run("topology add machine", {"x.example", "--pool", "a", "--front-end", "b", "-f", f.file});
    REQUIRE_ERR(both.result, Errc::usage, "exclude each other");
    CHECK(f.now() == f.text);
}

TEST_CASE("topology edit: from standard input to standard output", "[topology-edit]") {
    const Fixture f;
    const auto done = run("topology set deployment", {"--name", "fabrikam", "-f", "-"}, f.text);
    REQUIRE_OK(done.result);
    std::string expected = f.text;
    expected.replace(expected.find("name: contoso "), 13, "name: fabrikam");
    CHECK(done.out == expected);
    const auto same = run("topology set deployment", {"--name", "contoso", "-f", "-"}, f.text);
    REQUIRE_OK(same.result);
    CHECK(same.out == f.text);
}

TEST_CASE("topology init: writes a document that is valid, and replaces none", "[topology-edit]") {
    const TempDir dir;
    const std::string file = dir.path() / "new.yaml";
    const auto done =
        run("topology init",
            {file, "--template", "stretched", "--name", "acme", "--domain", "acme.example"});
    REQUIRE_OK(done.result);
    CHECK(done.out == file + " created from the template stretched\n");
    const std::string text = read_file(file);
    CHECK(text.find("name: acme ") != std::string::npos);
    REQUIRE_ERR(run("topology init", {file}).result, Errc::conflict, "exists already");
    CHECK(read_file(file) == text);
    REQUIRE_OK(run("topology init", {file, "--force"}).result);
    CHECK(read_file(file) == *topology::fill_template("standard-collocated", {}));
}

TEST_CASE(
    "topology init: - writes to standard output, --dry-run writes nothing", "[topology-edit]"
) {
    const TempDir dir;
    const std::string file = dir.path() / "new.yaml";
    CHECK(run("topology init", {"-"}).out == *topology::fill_template("standard-collocated", {}));
    const auto dry = run("topology init", {file, "--dry-run"});
    REQUIRE_OK(dry.result);
    CHECK(dry.out.find("+apiVersion: pchat/v1\n") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file));
    REQUIRE_ERR(
        run("topology init", {file, "--template", "strechted"}).result, Errc::usage, "stretched"
    );
    REQUIRE_ERR(
        run("topology init", {file, "--domain", "a b"}).result,
        Errc::invalid,
        "'a b' is not a domain name"
    );
}
