// SPDX-License-Identifier: Apache-2.0
// Every transition rule has at least one pair of documents whose way it refuses and one that it
// lets pass: tests/data/topologies/transitions/<ID>/{bad,ok}*/{old,new}.yaml. The plan and what is
// said of it are compared whole, under the other ruleset too where that says something else.
#include "base/diagnostic.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"
#include "topology/transition.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace pchat;
using topology::Change;
using topology::ChangeKind;
using topology::Ruleset;

namespace {

const fs::path transitions_dir = fs::path{PCHAT_SOURCE_DIR} / "tests/data/topologies/transitions";

struct Compared {
    std::string text;
    std::set<std::string> ids;
};

std::string line_of(const Change& change) {
    const char mark = change.kind == ChangeKind::add      ? '+'
                      : change.kind == ChangeKind::change ? '~'
                                                          : '-';
    return fmt::format(
        "{} {}{}{}\n", mark, change.subject, change.detail.empty() ? "" : ": ", change.detail
    );
}

Compared compare_pair(const fs::path& pair, Ruleset ruleset) {
    const auto before = topology::parse("old.yaml", test::read_file(pair / "old.yaml"));
    const auto after = topology::parse("new.yaml", test::read_file(pair / "new.yaml"));
    REQUIRE(before.readable);
    REQUIRE(after.readable);
    const topology::JudgeOptions options{.today = {2026, 11, 21}, .ruleset = &ruleset};
    const topology::Transition way = topology::compare(before, after, options);
    std::vector<Diagnostic> findings = topology::judge(after, options);
    topology::drop_superseded(way, findings);
    findings.insert(findings.end(), way.findings.begin(), way.findings.end());
    sort_by_place(findings);
    Compared out;
    for (const Change& change : way.changes)
        out.text += line_of(change);
    out.text += render_text(*after.document.source, findings);
    for (const Diagnostic& finding : way.findings)
        out.ids.insert(finding.rule);
    return out;
}

std::vector<fs::path> pairs_of(std::string_view rule, const std::string& prefix) {
    std::vector<fs::path> pairs;
    if (fs::is_directory(transitions_dir / rule))
        for (const fs::directory_entry& entry : fs::directory_iterator{transitions_dir / rule})
            if (entry.path().filename().string().starts_with(prefix))
                pairs.push_back(entry.path());
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

void check_texts(const fs::path& pair) {
    const std::string text = compare_pair(pair, Ruleset::sfb2015).text;
    const std::string other = compare_pair(pair, Ruleset::lync2013).text;
    test::check_golden(
        pair / "expected.txt", text == other ? text : text + "\nunder lync2013:\n" + other
    );
}

}  // namespace

TEST_CASE(
    "topology transitions: each rule has a way that it refuses and one that it lets pass",
    "[transitions]"
) {
    std::set<std::string> known;
    for (const topology::Rule& rule : topology::transition_rules()) {
        INFO("rule " << rule.id);
        known.insert(std::string{rule.id});
        CHECK_FALSE(pairs_of(rule.id, "bad").empty());
        CHECK_FALSE(pairs_of(rule.id, "ok").empty());
        CHECK(rule.check == nullptr);
        CHECK(topology::find_rule(rule.id) == &rule);
    }
    for (const fs::directory_entry& entry : fs::directory_iterator{transitions_dir}) {
        INFO("directory " << entry.path().filename() << " belongs to no rule");
        CHECK(known.contains(entry.path().filename().string()));
    }
}

TEST_CASE("topology transitions: each rule explains itself", "[transitions]") {
    for (const topology::Rule& rule : topology::transition_rules()) {
        INFO("rule " << rule.id);
        CHECK_FALSE(rule.title.empty());
        CHECK_FALSE(rule.title.ends_with('.'));
        CHECK(rule.why.ends_with('.'));
        CHECK(rule.fix.ends_with('.'));
        CHECK_FALSE(rule.source.empty());
    }
}

TEST_CASE("topology transitions: a way that breaks a rule is told as expected", "[transitions]") {
    for (const topology::Rule& rule : topology::transition_rules())
        for (const fs::path& pair : pairs_of(rule.id, "bad")) {
            INFO(pair.string());
            const auto here = compare_pair(pair, Ruleset::sfb2015).ids;
            const auto there = compare_pair(pair, Ruleset::lync2013).ids;
            CHECK((here.contains(std::string{rule.id}) || there.contains(std::string{rule.id})));
            check_texts(pair);
        }
}

TEST_CASE("topology transitions: a way that a rule allows is not refused by it", "[transitions]") {
    for (const topology::Rule& rule : topology::transition_rules())
        for (const fs::path& pair : pairs_of(rule.id, "ok")) {
            INFO(pair.string());
            CHECK_FALSE(compare_pair(pair, Ruleset::sfb2015).ids.contains(std::string{rule.id}));
            check_texts(pair);
        }
}
