// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "topology/transition.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace pchat;
using topology::ChangeKind;
using topology::Transition;

namespace {

constexpr topology::JudgeOptions today{.today = {2026, 11, 21}};

// A document with one pool; the rest of `spec` and of the pool are the caller's.
std::string document(const std::string& spec, const std::string& pool = "kind: multiple") {
    return "apiVersion: pchat/v1\nkind: Topology\nmetadata: {name: contoso}\nspec:\n  domain: "
           "contoso.example\n" +
           spec +
           "\n  pools:\n    - {fqdn: pchat.contoso.example, machines: [{fqdn: "
           "pc1.contoso.example}], " +
           pool + "}\n";
}

Transition way(const std::string& before, const std::string& after) {
    return topology::compare(
        topology::parse("old.yaml", before), topology::parse("new.yaml", after), today
    );
}

std::vector<std::string> plan(const Transition& transition) {
    std::vector<std::string> lines;
    for (const topology::Change& change : transition.changes) {
        const char mark = change.kind == ChangeKind::add      ? '+'
                          : change.kind == ChangeKind::change ? '~'
                                                              : '-';
        lines.push_back(
            std::string{mark} + " " + change.subject +
            (change.detail.empty() ? "" : ": " + change.detail)
        );
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("topology changes: equal documents have none, however they are written", "[transition]") {
    const std::string block = "  sites:\n    - name: hq\n    - name: branch\n  sqlInstances:\n    "
                              "- name: content\n      engine: postgresql\n";
    const std::string flow =
        "  # a comment\n  sites: [{name: branch}, {name: hq}]\n  sqlInstances: [{engine: "
        "\"postgresql\", name: content, availability: none}]\n";
    CHECK(plan(way(document(block), document(flow))).empty());
    CHECK(plan(way(document(block), document(block))).empty());
}

TEST_CASE("topology changes: a default that is written out is no change", "[transition]") {
    CHECK(plan(way(document("", "kind: multiple"),
                   document("", "kind: multiple, ports: {https: 443}, compliance: {enabled: false}")
               ))
              .empty());
    CHECK(
        plan(way(
            document("", "kind: multiple"), document("", "kind: multiple, ports: {https: 8443}")
        )) == Lines{"~ pool pchat.contoso.example: ports.https: 443 -> 8443"}
    );
}

TEST_CASE("topology changes: values of the deployment itself carry its name", "[transition]") {
    const auto before = document("  capacity: {concurrentUsers: 100}\n  sipDomains: [a.example]");
    const auto after = document("  production: true\n  sipDomains: [a.example, b.example]");
    const Transition transition = way(before, after);
    CHECK(
        plan(transition) ==
        Lines{
            "~ deployment: production: false -> true",
            "~ deployment: sipDomains: [a.example] -> [a.example, b.example]",
            "~ deployment: capacity.concurrentUsers: 100 -> (none)"}
    );
    CHECK(transition.changes[2].field == "capacity.concurrentUsers");
    CHECK(transition.changes[2].before == "100");
    CHECK(transition.changes[2].after.empty());
}

TEST_CASE(
    "topology changes: a thing is added or removed whole, its machines with it", "[transition]"
) {
    const auto before = document("");
    const auto after = document("  frontEnds:\n    - {fqdn: fe.contoso.example, edition: "
                                "enterprise, machines: [{fqdn: fe1.contoso.example}]}");
    CHECK(
        plan(way(before, after)) ==
        Lines{
            "+ front end fe.contoso.example",
            "+ machine fe1.contoso.example of front end fe.contoso.example"}
    );
    CHECK(
        plan(way(after, before)) ==
        Lines{
            "- front end fe.contoso.example",
            "- machine fe1.contoso.example of front end fe.contoso.example"}
    );
}

TEST_CASE("topology changes: things without a name go by what they are about", "[transition]") {
    const auto before = document("  links: [{between: [dc1, dc2], bandwidth: high}]\n  accept: "
                                 "[{rule: SQL-04, on: content, reason: few}]");
    const auto after = document("  links: [{between: [dc2, dc1], bandwidth: low}]\n  accept: "
                                "[{rule: SQL-05, on: content, reason: few}]");
    const Lines lines = plan(way(before, after));
    CHECK(
        std::find(lines.begin(), lines.end(), "~ link dc1 - dc2: bandwidth: high -> low") !=
        lines.end()
    );
    CHECK(
        std::find(lines.begin(), lines.end(), "+ acceptance of SQL-05 on content") != lines.end()
    );
    CHECK(
        std::find(lines.begin(), lines.end(), "- acceptance of SQL-04 on content") != lines.end()
    );
}

TEST_CASE(
    "topology changes: host names match without regard to case, other names exactly", "[transition]"
) {
    const auto before = document("  sites: [{name: hq}]");
    auto after = document("  sites: [{name: HQ}]");
    after.replace(after.find("pc1.contoso"), 3, "PC1");
    CHECK(
        plan(way(before, after)) ==
        Lines{
            "+ site HQ",
            "- site hq",
            "~ machine PC1.contoso.example of pool pchat.contoso.example: fqdn: "
            "pc1.contoso.example -> PC1.contoso.example"}
    );
}

TEST_CASE("topology changes: a credential in place is never shown", "[transition]") {
    const auto instance = [](const std::string& run) {
        return document(
            "  sqlInstances:\n    - {name: content, engine: postgresql, credentials: {run: \"" +
                run + "\"}}",
            "kind: multiple, tls: {key: \"" + run + "\"}"
        );
    };
    const Transition leak = way(instance("env:CHAT_RUN"), instance("chat:hunter2"));
    CHECK(
        plan(leak) ==
        Lines{
            "~ sql instance content: credentials.run: env:CHAT_RUN -> ***",
            "~ pool pchat.contoso.example: tls.key: env:CHAT_RUN -> ***"}
    );
    for (const topology::Change& change : leak.changes)
        CHECK(change.after == "***");
}

TEST_CASE("topology changes: long texts are cut in the plan only", "[transition]") {
    const std::string text(100, 'x');
    const Transition transition =
        way(document(""), document("", "kind: multiple, displayName: " + text));
    REQUIRE(transition.changes.size() == 1);
    CHECK(transition.changes[0].detail == "displayName: (none) -> " + std::string(60, 'x') + "...");
    CHECK(transition.changes[0].after == text);
}

TEST_CASE(
    "topology transitions: a finding on the way silences what it says better", "[transition]"
) {
    const auto before = document("", "kind: multiple");
    std::string stopped = before;
    stopped.replace(
        stopped.find("{fqdn: pc1.contoso.example}"),
        27,
        "{fqdn: pc1.contoso.example, active: false}"
    );
    const auto parsed = topology::parse("new.yaml", stopped);
    const Transition transition =
        topology::compare(topology::parse("old.yaml", before), parsed, today);
    std::vector<Diagnostic> findings = topology::judge(parsed, today);
    const auto says = [&](std::string_view rule) {
        return std::any_of(findings.begin(), findings.end(), [&](const Diagnostic& one) {
            return one.rule == rule;
        });
    };
    REQUIRE(says("POOL-09"));
    const std::size_t all = findings.size();
    topology::drop_superseded(transition, findings);
    CHECK_FALSE(says("POOL-09"));
    CHECK(findings.size() == all - 1);
    REQUIRE(transition.findings.size() == 1);
    CHECK(transition.findings[0].rule == "WAY-04");
}

TEST_CASE("topology transitions: what cannot be read is not judged", "[transition]") {
    const auto before = document("", "kind: multiple");
    CHECK(way(before, document("", "kind: singel")).findings.empty());
    CHECK(way(document("", "kind: singel"), document("", "kind: single")).findings.empty());
    // The pool list holds something unreadable: the missing pool may be that.
    std::string broken_list = before;
    broken_list.replace(
        broken_list.find("    - {fqdn: pchat"), std::string::npos, "    - pchat.contoso.example\n"
    );
    CHECK(way(before, broken_list).findings.empty());
    std::string broken_flag = before;
    broken_flag.replace(
        broken_flag.find("{fqdn: pc1.contoso.example}"),
        27,
        "{fqdn: pc2.contoso.example, active: maybe}"
    );
    CHECK(way(before, broken_flag).findings.empty());
}

TEST_CASE(
    "topology transitions: the ruleset in force is the new document's, or the one asked for",
    "[transition]"
) {
    const auto single = document("", "kind: single");
    const auto multiple = [](const std::string& ruleset) {
        return document("  ruleset: " + ruleset, "kind: multiple");
    };
    CHECK(way(single, multiple("sfb2015")).findings.empty());
    const Transition lync = way(single, multiple("lync2013"));
    REQUIRE(lync.findings.size() == 1);
    CHECK(lync.findings[0].rule == "WAY-01");
    const auto ruleset = topology::Ruleset::sfb2015;
    const topology::JudgeOptions asked{.today = {2026, 11, 21}, .ruleset = &ruleset};
    CHECK(topology::compare(
              topology::parse("old.yaml", single),
              topology::parse("new.yaml", multiple("lync2013")),
              asked
    )
              .findings.empty());
}

TEST_CASE("topology transitions: every finding points into the new document", "[transition]") {
    const auto before = document("", "kind: multiple");
    std::string empty = before;
    empty.replace(empty.find("  pools:"), std::string::npos, "  pools: []\n");
    std::string none = before;
    none.resize(none.find("  pools:"));
    for (const std::string& after : {empty, none}) {
        const Transition transition = way(before, after);
        REQUIRE(transition.findings.size() == 1);
        CHECK(transition.findings[0].rule == "WAY-06");
        CHECK(transition.findings[0].at.end <= after.size());
        CHECK(transition.findings[0].at.begin < transition.findings[0].at.end);
    }
}
