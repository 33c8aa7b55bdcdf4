// SPDX-License-Identifier: Apache-2.0
// `topology show`, `topology graph` and `capacity check`, through the command line.
#include "cli/app.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace pchat;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    int code = 0;
    std::string out;
    std::string err;
};

Outcome run(const std::vector<std::string>& words) {
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    cli::Context ctx{
        .out = out,
        .err = err,
        .in = in,
        .terminal = {},
        .global = {},
        .environment = [](const std::string&) { return std::nullopt; },
        .today = {2026, 11, 21}};
    const int code = cli::run(words, ctx);
    return {code, out.str(), err.str()};
}

std::string example(const std::string& name) {
    return fs::path{PCHAT_SOURCE_DIR} / "examples" / (name + ".yaml");
}

std::string stretched() {
    return fs::path{PCHAT_SOURCE_DIR} / "tests/data/topologies/ok/stretched.yaml";
}

Json json(const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return Json::parse(outcome.out);
}

}  // namespace

TEST_CASE("topology show: json has every field, with the defaults that hold", "[show]") {
    const Json document = json({"topology", "show", example("enterprise-multiple"), "-o", "json"});
    CHECK(document["apiVersion"] == "pchat/v1");
    const Json& spec = document["spec"];
    CHECK(spec["ruleset"] == "sfb2015");
    CHECK(spec["sipDomains"] == Json::array({"contoso.example"}));
    CHECK(spec["capacity"]["endpoints"].is_null());
    CHECK(spec["capacity"]["concurrentUsers"] == 60000);
    CHECK(spec["links"] == Json::array());
    CHECK(spec["frontEnds"][0]["version"] == "2015");
    CHECK(spec["frontEnds"][0]["domain"] == "contoso.example");
    const Json& content = spec["sqlInstances"][1];
    CHECK(content["port"] == 5432);
    CHECK(content["driver"] == "PostgreSQL Unicode");
    CHECK(content["tls"]["mode"] == "verify");
    CHECK(content["edition"].is_null());
    CHECK(content["credentials"]["provision"] == "env:PCHAT_PG_ADMIN");
    const Json& pool = spec["pools"][0];
    CHECK(
        pool["ports"] == Json({{"sip", 5041}, {"bus", 8011}, {"https", 443}, {"busClient", 4222}})
    );
    CHECK(
        pool["machines"][0]["ssh"] ==
        Json({{"host", "10.0.0.11"}, {"port", 22}, {"user", "deploy"}})
    );
    CHECK(pool["machines"][0]["active"] == true);
    CHECK(pool["compliance"]["placement"] == "poolMachines");
}

TEST_CASE("topology show: two documents have the same keys, whatever they state", "[show]") {
    const Json a = json({"topology", "show", example("embedded"), "-o", "json"});
    const Json b = json({"topology", "show", stretched(), "-o", "json"});
    const auto keys = [](const Json& object) {
        std::vector<std::string> names;
        for (const auto& [key, value] : object.items())
            names.push_back(key);
        return names;
    };
    CHECK(keys(a["spec"]) == keys(b["spec"]));
    CHECK(keys(a["spec"]["pools"][0]) == keys(b["spec"]["pools"][0]));
    CHECK(keys(a["spec"]["sqlInstances"][0]) == keys(b["spec"]["sqlInstances"][0]));
}

TEST_CASE("topology show: the tables say what each instance holds", "[show]") {
    const Json items =
        json({"topology", "show", stretched(), "--only", "sql-instance", "-o", "json"});
    const auto holds = [&](const std::string& name) {
        for (const Json& item : items)
            if (item["name"] == name)
                return item["holds"].dump();
        return std::string{"no such instance"};
    };
    CHECK(holds("be") == R"(["back end of fe.contoso.example"])");
    CHECK(holds("content") == R"(["content of pchat.contoso.example"])");
    CHECK(holds("contentMirror") == R"(["mirror of content"])");
    CHECK(holds("witness2") == R"(["witness of contentBackup","witness of complianceBackup"])");
    CHECK(holds("complianceBackup") == R"(["backup compliance of pchat.contoso.example"])");
}

TEST_CASE("topology show: text has a table for each kind of thing that there is", "[show]") {
    const Outcome outcome = run({"topology", "show", stretched()});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    for (const char* title :
         {"Deployment\n",
          "Data centers\n",
          "Sites\n",
          "Front ends\n",
          "Pools\n",
          "Machines\n",
          "SQL instances\n",
          "File stores\n"}) {
        INFO(title);
        CHECK_THAT(outcome.out, Catch::Contains(title));
    }
    CHECK_THAT(outcome.out, !Catch::Contains("Other servers"));
    CHECK_THAT(outcome.out, Catch::Contains("concurrent-users   60,000"));
    CHECK_THAT(
        outcome.out,
        Catch::Matches("[^]*pc3\\.contoso\\.example +pchat\\.contoso\\.example +standby +dc1[^]*")
    );
}

TEST_CASE("topology show: -o name lists things, one a line", "[show]") {
    CHECK(
        run({"topology", "show", example("embedded"), "-o", "name"}).out ==
        "site/here\nfront-end/se.localhost.example\npool/pc.localhost.example\n"
        "machine/pc.localhost.example\nsql-instance/content\nsql-instance/compliance\nfile-store/"
        "files\n"
    );
    CHECK(
        run({"topology", "show", example("embedded"), "--only", "pool", "-o", "name"}).out ==
        "pool/pc.localhost.example\n"
    );
}

TEST_CASE("topology show: a secret that was written in place is not repeated", "[show]") {
    const test::TempDir dir;
    std::string text = test::read_file(example("enterprise-multiple"));
    const std::string reference = "env:PCHAT_PG_ADMIN";
    text.replace(text.find(reference), reference.size(), "sa:hunter2");
    const std::string file = dir.write("t.yaml", text);
    for (const char* format : {"table", "json", "yaml"}) {
        const Outcome outcome = run({"topology", "show", file, "-o", format});
        INFO(format);
        CHECK(outcome.code == 0);
        CHECK_THAT(outcome.out + outcome.err, !Catch::Contains("hunter2"));
    }
}

TEST_CASE("topology show: a document of the wrong form is refused with the place", "[show]") {
    const Outcome outcome = run({"topology", "show", example("bad-five-active")});
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::Contains("SHAPE-04"));
}

TEST_CASE("topology graph: svg is what comes when nothing is asked for", "[graph]") {
    CHECK_THAT(run({"topology", "graph", example("embedded")}).out, Catch::StartsWith("<svg "));
    CHECK_THAT(
        run({"topology", "graph", example("embedded"), "-o", "dot"}).out,
        Catch::StartsWith("digraph ")
    );
    CHECK_THAT(
        run({"topology", "graph", example("embedded"), "-o", "mermaid"}).out,
        Catch::Contains("flowchart LR")
    );
}

TEST_CASE("topology graph: --out writes the file and says so", "[graph]") {
    const test::TempDir dir;
    const std::string file = dir.path() / "picture.svg";
    const Outcome outcome = run({"topology", "graph", example("embedded"), "--out", file});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::Contains("picture.svg written"));
    CHECK(test::read_file(file) == run({"topology", "graph", example("embedded")}).out);
}

TEST_CASE("topology graph: a file that cannot be written is an error", "[graph]") {
    const test::TempDir dir;
    const Outcome outcome =
        run({"topology", "graph", example("embedded"), "--out", dir.path() / "no" / "picture.svg"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Catch::Contains("cannot write") && Catch::Contains("No such file"));
}

TEST_CASE("topology graph: the picture never takes the place of its document", "[graph]") {
    const test::TempDir dir;
    const std::string text = test::read_file(example("embedded"));
    const std::string file = dir.write("t.yaml", text);
    const Outcome outcome = run({"topology", "graph", file, "--out", dir.path() / "." / "t.yaml"});
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("is the document itself"));
    CHECK(test::read_file(file) == text);
}

TEST_CASE("capacity check: a plan within the limits passes", "[capacity]") {
    const Outcome outcome = run({"capacity", "check", example("enterprise-multiple")});
    CHECK(outcome.code == 0);
    CHECK_THAT(
        outcome.out,
        Catch::Matches("[^]*CAP-01 +pool pchat\\.contoso\\.example[^]* 15,000 [^]*ok\n[^]*")
    );
    CHECK_THAT(
        outcome.out, Catch::Matches("[^]*CAP-08 +deployment +invitations +- [^]*not stated\n[^]*")
    );
    CHECK_THAT(outcome.out, Catch::Contains("731,088"));
}

TEST_CASE("capacity check: a broken limit fails with the finding and exit code 3", "[capacity]") {
    const test::TempDir dir;
    std::string text = test::read_file(example("enterprise-multiple"));
    for (std::size_t at = text.find("60000"); at != std::string::npos; at = text.find("60000"))
        text.replace(at, 5, "90000");
    const std::string file = dir.write("t.yaml", text);
    const Outcome outcome = run({"capacity", "check", file});
    CHECK(outcome.code == 3);
    CHECK_THAT(outcome.out, Catch::Contains("over") && Catch::Contains("error[CAP-01]"));

    const Outcome as_json = run({"capacity", "check", file, "-o", "json"});
    CHECK(as_json.code == 3);
    const Json document = Json::parse(as_json.out);
    CHECK(document["errors"] == 3);
    CHECK(document["rows"][0]["rule"] == "CAP-01");
    CHECK(document["rows"][0]["planned"] == 22500);
    CHECK(document["rows"][0]["limit"] == 20000);
    CHECK(document["rows"][0]["verdict"] == "over");
    CHECK(document["userModel"][0]["planned"] == 90000);
}

TEST_CASE("capacity check: what other rules find is not its business", "[capacity]") {
    const test::TempDir dir;
    std::string text = test::read_file(example("enterprise-multiple"));
    text.replace(text.find("nextHop: fe."), 12, "nextHop: xx.");
    CHECK(run({"capacity", "check", dir.write("t.yaml", text)}).code == 0);
}

TEST_CASE("topology show, diff, capacity: a refused document is an error in json", "[show]") {
    const std::string bad = example("bad-five-active");
    const std::vector<std::vector<std::string>> commands{
        {"topology", "show", bad},
        {"topology", "diff", example("embedded"), bad},
        {"capacity", "check", bad}};
    for (std::vector<std::string> words : commands) {
        words.insert(words.end(), {"-o", "json"});
        const Outcome outcome = run(words);
        CHECK(outcome.code == 3);
        const Json error = Json::parse(outcome.out).at("error");
        CHECK(error.at("code") == "bad-file");
        CHECK(error.at("hint") == "pchatctl topology validate " + bad);
    }
}
