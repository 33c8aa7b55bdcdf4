// SPDX-License-Identifier: Apache-2.0
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"
#include "topology/rules/rules.h"

#include <filesystem>
#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::topology;

namespace {

constexpr Date today{2026, 11, 21};

std::vector<Diagnostic> judged(
    const std::string& text, Date day = today, const Ruleset* ruleset = nullptr
) {
    return judge(parse("t.yaml", text), {.today = day, .ruleset = ruleset});
}

// "ED-01 POOL-07" of the findings that count, in the order of the text; accepted ones in brackets.
std::string ids(const std::vector<Diagnostic>& findings) {
    std::string out;
    for (const Diagnostic& d : findings)
        out += (out.empty() ? "" : " ") + (d.accepted ? "(" + d.rule + ")" : d.rule);
    return out;
}

std::filesystem::path source(const char* relative) {
    return std::filesystem::path{PCHAT_SOURCE_DIR} / relative;
}

// One machine on the embedded default: POOL-03 is its only finding.
std::string single(const std::string& accept, const std::string& spec = "") {
    return "apiVersion: pchat/v1\nkind: Topology\nmetadata: {name: t}\nspec:\n  domain: "
           "a.example\n" +
           spec +
           "  sites: [{name: hq, defaultPool: pc.a.example}]\n"
           "  frontEnds: [{fqdn: se.a.example, edition: standard, site: hq, machines: [{fqdn: "
           "se.a.example}]}]\n"
           "  sqlInstances: [{name: db, engine: sqlite, path: /var/lib/pchat}]\n"
           "  fileStores: [{name: files, path: /var/lib/files, site: hq}]\n"
           "  pools:\n"
           "    - {fqdn: pc.a.example, displayName: P, kind: single, site: hq, nextHop: "
           "se.a.example,\n"
           "       machines: [{fqdn: pc.a.example}], databases: {content: db}, fileStore: "
           "files}\n" +
           accept;
}

}  // namespace

TEST_CASE("ten planted mistakes of different kinds yield exactly those ten", "[judge]") {
    const auto path = source("tests/data/topologies/many/ten-mistakes.yaml");
    const Parsed parsed = parse("ten-mistakes.yaml", test::read_file(path));
    const auto findings = judge(parsed, {.today = today});
    CHECK(findings.size() == 10);
    test::check_golden(
        source("tests/data/topologies/many/ten-mistakes.expected"),
        render_text(*parsed.document.source, findings)
    );
}

TEST_CASE("accept: a warning with a reason is counted, not shown", "[judge]") {
    CHECK(ids(judged(single(""))) == "POOL-03");
    CHECK(
        ids(judged(single("  accept: [{rule: POOL-03, on: pc.a.example, reason: small}]\n"))) ==
        "(POOL-03)"
    );
    CHECK(
        ids(judged(single("  accept: [{rule: pool-03, on: PC.A.example, reason: small}]\n"))) ==
        "(POOL-03)"
    );
    CHECK(
        ids(judged(single("  accept: [{rule: POOL-03, on: \"*\", reason: small}]\n"))) ==
        "(POOL-03)"
    );
    CHECK(
        ids(judged(single("  accept: [{rule: POOL-03, on: other, reason: small}]\n"))) ==
        "POOL-03 OWN-06"
    );
}

TEST_CASE("accept: holds until its last day, that day included", "[judge]") {
    const std::string text =
        single("  accept: [{rule: POOL-03, on: pc.a.example, reason: small, until: 2027-06-30}]\n");
    CHECK(ids(judged(text, {2027, 6, 30})) == "(POOL-03)");
    CHECK(ids(judged(text, {2027, 7, 1})) == "POOL-03 OWN-05");
    CHECK(
        ids(judged(single(
            "  accept: [{rule: POOL-03, on: pc.a.example, reason: small, until: 2027-02-30}]\n"
        ))) == "POOL-03 OWN-05"
    );
    CHECK(
        ids(judged(single("  accept: [{rule: POOL-03, on: pc.a.example}]\n"))) == "POOL-03 OWN-05"
    );
    CHECK(
        ids(judged(single("  accept: [{rule: POOL-03, on: pc.a.example, reason: \"\"}]\n"))) ==
        "POOL-03 OWN-05"
    );
}

TEST_CASE("accept: an error cannot be accepted, nor a rule that does not exist", "[judge]") {
    const std::string wrong = "  capacity: {concurrentUsers: 90000}\n";
    CHECK_THAT(
        ids(judged(single("  accept: [{rule: CAP-03, on: \"*\", reason: x}]\n", wrong))),
        Catch::Contains("OWN-06") && Catch::Contains("CAP-03")
    );
    const auto findings = judged(single("  accept: [{rule: POOL-033, on: \"*\", reason: x}]\n"));
    CHECK(ids(findings) == "POOL-03 OWN-06");
    CHECK(findings.back().remark == "did you mean 'POOL-03'?");
}

TEST_CASE("judge: with the ruleset unreadable only what holds under both is said", "[judge]") {
    CHECK(ids(judged(single("", "  ruleset: sfb2051\n"))) == "SHAPE-06 POOL-03");
}

TEST_CASE("judge: a text that is no document has only its own problem", "[judge]") {
    CHECK(ids(judged("a: [")) == "SHAPE-01");
    CHECK(ids(judged("")) == "SHAPE-01");
    CHECK(ids(judged("just text")) == "SHAPE-02");
    CHECK(ids(judged("[]")) == "SHAPE-02");
}

TEST_CASE("rules: found by id in any case, and only when they exist", "[judge]") {
    REQUIRE(find_rule("pool-07") != nullptr);
    CHECK(find_rule("pool-07")->id == "POOL-07");
    CHECK(find_rule("POOL-01") != nullptr);
    CHECK(find_rule("POOL-99") == nullptr);
    CHECK(find_rule("") == nullptr);
}
