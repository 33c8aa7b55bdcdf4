// SPDX-License-Identifier: Apache-2.0
// Every rule that judges a document has at least one document that breaks it and one that just does
// not: tests/data/topologies/rules/<ID>/{bad,ok}*.yaml. What is said of a bad one is compared
// whole, caret lines included; PCHAT_TEST_ACCEPT=1 rewrites the expected texts, and review reads
// the diff.
#include "base/diagnostic.h"
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"
#include "topology/parse.h"
#include "topology/rules/rules.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace pchat;
using topology::Rule;

namespace {

const fs::path rules_dir = fs::path{PCHAT_SOURCE_DIR} / "tests/data/topologies/rules";

struct Judged {
    std::string source;
    std::string text;           // as `topology validate` shows it
    std::set<std::string> ids;  // of all findings that are not accepted
};

Judged judge_file(const fs::path& file) {
    Judged out;
    out.source = test::read_file(file);
    const auto parsed = topology::parse(file.filename().string(), out.source);
    const auto found = topology::judge(parsed, {.today = {2026, 11, 21}});
    out.text = render_text(*parsed.document.source, found);
    for (const Diagnostic& finding : found)
        if (!finding.accepted)
            out.ids.insert(finding.rule);
    return out;
}

// Sorted, so that a failure is found again.
std::vector<fs::path> files_of(std::string_view rule, const std::string& prefix) {
    std::vector<fs::path> files;
    const fs::path dir = rules_dir / rule;
    if (fs::is_directory(dir))
        for (const fs::directory_entry& entry : fs::directory_iterator{dir})
            if (entry.path().extension() == ".yaml" &&
                entry.path().filename().string().starts_with(prefix))
                files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

// The ids that the first line of a document ("# expect: warning POOL-03") names.
std::set<std::string> announced(const std::string& source) {
    const std::string first = source.substr(0, source.find('\n'));
    static const std::regex id{"[A-Z]+-[0-9]{2}"};
    return {
        std::sregex_token_iterator{first.begin(), first.end(), id}, std::sregex_token_iterator{}};
}

fs::path expectation_of(fs::path document) {
    return document.replace_extension(".expected");
}

}  // namespace

TEST_CASE("topology rules: each has documents that break it and documents that do not", "[rules]") {
    std::set<std::string> known;
    for (const Rule& rule : topology::static_rules()) {
        INFO("rule " << rule.id);
        known.insert(std::string{rule.id});
        CHECK_FALSE(files_of(rule.id, "bad").empty());
        CHECK_FALSE(files_of(rule.id, "ok").empty());
    }
    for (const fs::directory_entry& entry : fs::directory_iterator{rules_dir}) {
        INFO("directory " << entry.path().filename() << " belongs to no rule");
        CHECK(known.contains(entry.path().filename().string()));
    }
}

TEST_CASE(
    "topology rules: what is said of a document that breaks one reads as expected", "[rules]"
) {
    for (const Rule& rule : topology::static_rules())
        for (const fs::path& file : files_of(rule.id, "bad")) {
            INFO(file.string());
            const Judged judged = judge_file(file);
            CHECK(judged.ids.contains(std::string{rule.id}));
            CHECK(judged.ids == announced(judged.source));
            test::check_golden(expectation_of(file), judged.text);
        }
}

TEST_CASE("topology rules: a near miss is not found", "[rules]") {
    for (const Rule& rule : topology::static_rules())
        for (const fs::path& file : files_of(rule.id, "ok")) {
            const Judged judged = judge_file(file);
            INFO(file.string() << "\n" << judged.text);
            CHECK_FALSE(judged.ids.contains(std::string{rule.id}));
            CHECK(judged.ids == announced(judged.source));
        }
}

TEST_CASE("topology rules: no expected text is left over", "[rules]") {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator{rules_dir}) {
        if (entry.path().extension() != ".expected")
            continue;
        fs::path document = entry.path();
        document.replace_extension(".yaml");
        INFO(entry.path().string());
        CHECK(fs::exists(document));
    }
}

TEST_CASE("topology rules: the first lines of the examples hold", "[rules]") {
    for (const fs::directory_entry& entry :
         fs::directory_iterator{fs::path{PCHAT_SOURCE_DIR} / "examples"}) {
        if (entry.path().extension() != ".yaml")
            continue;
        const Judged judged = judge_file(entry.path());
        INFO(entry.path().string() << "\n" << judged.text);
        CHECK(judged.ids == announced(judged.source));
    }
}

TEST_CASE("topology rules: each explains itself", "[rules]") {
    for (const Rule& rule : topology::static_rules()) {
        INFO("rule " << rule.id);
        CHECK_FALSE(rule.title.empty());
        CHECK_FALSE(rule.title.ends_with('.'));
        CHECK(rule.why.ends_with('.'));
        CHECK(rule.fix.ends_with('.'));
        CHECK_FALSE(rule.source.empty());
        CHECK_FALSE(rule.source.ends_with('.'));
        CHECK(topology::find_rule(rule.id) == &rule);
    }
}
