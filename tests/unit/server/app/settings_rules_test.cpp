// SPDX-License-Identifier: Apache-2.0
// Every rule on pchatd.yaml has a file that breaks it and one that just does not:
// tests/data/settings/rules/<ID>/{bad,ok}*.yaml. What is said of a bad one is compared whole;
// PCHAT_TEST_ACCEPT=1 rewrites the expected texts, and review reads the diff.
#include "base/diagnostic.h"
#include "generated/folders.h"
#include "server/app/read_settings.h"
#include "server/app/settings_rules.h"
#include "tests/support/catch.h"
#include "tests/support/golden.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace pchat;

namespace {

const fs::path data_dir = fs::path{PCHAT_SOURCE_DIR} / "tests/data/settings";

struct Judged {
    std::string announced;  // the first line: "# expect: error SET-01"
    std::string found;      // in the same words
    std::string text;       // as people see it
};

Judged judge_file(const fs::path& file) {
    const std::string source = test::read_file(file);
    const auto parsed = app::parse_settings(file.filename().string(), source);
    std::set<std::string> found;
    for (const Diagnostic& finding : parsed.findings)
        found.insert(std::string{to_string(finding.severity)} + " " + finding.rule);
    Judged out;
    out.announced = source.substr(0, source.find('\n'));
    out.found = "# expect:";
    for (const std::string& one : found)
        out.found += " " + one;
    if (found.empty())
        out.found += " valid";
    out.text = render_text(*parsed.source, parsed.findings);
    return out;
}

std::vector<fs::path> files_of(std::string_view rule, const std::string& prefix) {
    std::vector<fs::path> files;
    const fs::path dir = data_dir / "rules" / rule;
    if (fs::is_directory(dir))
        for (const fs::directory_entry& entry : fs::directory_iterator{dir})
            if (entry.path().extension() == ".yaml" &&
                entry.path().filename().string().starts_with(prefix))
                files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

TEST_CASE("settings rules: each has files that break it and files that do not", "[settings]") {
    std::set<std::string> known;
    for (const app::SettingsRule& rule : app::settings_rules()) {
        INFO("rule " << rule.id);
        known.insert(std::string{rule.id});
        CHECK_FALSE(files_of(rule.id, "bad").empty());
        CHECK_FALSE(files_of(rule.id, "ok").empty());
    }
    for (const fs::directory_entry& entry : fs::directory_iterator{data_dir / "rules"}) {
        INFO("directory " << entry.path().filename() << " belongs to no rule");
        CHECK(known.contains(entry.path().filename().string()));
    }
}

TEST_CASE(
    "settings rules: what is said of a file that breaks one reads as expected", "[settings]"
) {
    for (const app::SettingsRule& rule : app::settings_rules())
        for (const fs::path& file : files_of(rule.id, "bad")) {
            INFO(file.string());
            const Judged judged = judge_file(file);
            CHECK(judged.found == judged.announced);
            CHECK(judged.text.find(std::string{rule.id}) != std::string::npos);
            fs::path expected = file;
            test::check_golden(expected.replace_extension(".expected"), judged.text);
        }
}

TEST_CASE("settings rules: a near miss is not found", "[settings]") {
    for (const app::SettingsRule& rule : app::settings_rules())
        for (const fs::path& file : files_of(rule.id, "ok")) {
            const Judged judged = judge_file(file);
            INFO(file.string() << "\n" << judged.text);
            CHECK(judged.found == "# expect: valid");
            CHECK(judged.announced == "# expect: valid");
        }
}

TEST_CASE("settings rules: a secret written in place is never shown", "[settings]") {
    for (const char* name : {"rules/SET-04/bad.yaml", "form/bad.yaml"}) {
        const Judged judged = judge_file(data_dir / name);
        CHECK(judged.text.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("settings rules: mistakes of form are told with the nearest name", "[settings]") {
    test::check_golden(data_dir / "form/bad.expected", judge_file(data_dir / "form/bad.yaml").text);
}
