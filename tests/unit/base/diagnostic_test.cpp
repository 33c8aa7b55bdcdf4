// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.h"
#include "base/diagnostic_json.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

using namespace pchat;

namespace {

Span find(const SourceText& source, std::string_view what) {
    const auto at = static_cast<std::uint32_t>(source.text().find(what));
    return {at, at + static_cast<std::uint32_t>(what.size())};
}

}  // namespace

TEST_CASE("diagnostic: file, place, rule, line, caret, remark, note and hint", "[diagnostic]") {
    const SourceText source{"prod.yaml", "site: a\n    replcias: 2\n"};
    const Diagnostic d{
        .rule = "SHAPE-04",
        .at = find(source, "replcias"),
        .message = "unknown key 'replcias' in pool 'west'",
        .hint = "remove it",
        .remark = "did you mean 'replicas'?",
        .notes = {{find(source, "site"), "first given here"}}};
    CHECK(
        render_text(source, d) ==
        "prod.yaml:2:5: error[SHAPE-04]: unknown key 'replcias' in pool 'west'\n"
        "    2 |     replcias: 2\n"
        "      |     ^~~~~~~~ did you mean 'replicas'?\n"
        "  prod.yaml:1:1: first given here\n"
        "  hint: remove it\n"
    );
}

TEST_CASE(
    "diagnostic: the caret stands right behind tabs, wide and combining characters", "[diagnostic]"
) {
    const SourceText wide{"t", "日本: e\xCC\x81 x\n"};
    CHECK(
        render_text(wide, Diagnostic{.rule = "R", .at = find(wide, "x"), .message = "m"}) ==
        "t:1:8: error[R]: m\n"
        "    1 | 日本: e\xCC\x81 x\n"
        "      |         ^\n"
    );
    const SourceText tab{"t", "a:\tbc\n"};
    CHECK(
        render_text(tab, Diagnostic{.rule = "R", .at = find(tab, "bc"), .message = "m"}) ==
        "t:1:4: error[R]: m\n"
        "    1 | a:  bc\n"
        "      |     ^~\n"
    );
    const SourceText under{"t", "a: 日本\n"};
    CHECK(
        render_text(under, Diagnostic{.rule = "R", .at = find(under, "日本"), .message = "m"}) ==
        "t:1:4: error[R]: m\n"
        "    1 | a: 日本\n"
        "      |    ^~~~\n"
    );
}

TEST_CASE(
    "diagnostic: a span over several lines is marked to the end of its first", "[diagnostic]"
) {
    const SourceText source{"t", "a: [1,\n  2]\n"};
    CHECK(
        render_text(
            source, Diagnostic{.rule = "R", .at = find(source, "[1,\n  2]"), .message = "m"}
        ) == "t:1:4: error[R]: m\n"
             "    1 | a: [1,\n"
             "      |    ^~~\n"
    );
}

TEST_CASE("diagnostic: a long line is cut around the caret", "[diagnostic]") {
    const SourceText source{"t", std::string(5000, 'a') + "X" + std::string(5000, 'b') + "\n"};
    const std::string text =
        render_text(source, Diagnostic{.rule = "R", .at = find(source, "X"), .message = "m"});
    CHECK(text.size() < 500);
    CHECK_THAT(text, Catch::Contains("…aaaa") && Catch::Contains("aXb") && Catch::Contains("b…"));
    CHECK_THAT(text, Catch::StartsWith("t:1:5001: error[R]"));
}

TEST_CASE("diagnostic: what must not be shown is masked", "[diagnostic]") {
    const SourceText source{"t", "run: hunter2 # c\n"};
    const std::string text = render_text(
        source,
        Diagnostic{.rule = "R", .at = find(source, "hunter2"), .message = "m", .secret = true}
    );
    CHECK_THAT(text, !Catch::Contains("hunter2"));
    CHECK_THAT(text, Catch::Contains("run: ******* # c"));
}

TEST_CASE("diagnostic: a secret on the line of another finding is masked", "[diagnostic]") {
    const SourceText source{"t", "password: hunter2\n"};
    const std::string text = render_text(
        source, Diagnostic{.rule = "R", .at = find(source, "password"), .message = "m"}
    );
    CHECK_THAT(text, !Catch::Contains("hunter2") && Catch::Contains("password: *******"));
}

TEST_CASE("diagnostic: control characters of the file do not reach the terminal", "[diagnostic]") {
    const SourceText source{"t", "a: \x1b[31mred\n"};
    const std::string text = render_text(
        source, Diagnostic{.rule = "R", .at = find(source, "red"), .message = "bad \x1b"}
    );
    CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("diagnostics: the closing count leaves accepted warnings out", "[diagnostic]") {
    const SourceText source{"t.yaml", "a\n"};
    const std::vector<Diagnostic> all{
        {.severity = Severity::error, .rule = "A", .at = {0, 1}, .message = "first"},
        {.severity = Severity::warning,
         .rule = "B",
         .at = {0, 1},
         .message = "second",
         .accepted = true},
        {.severity = Severity::warning, .rule = "C", .at = {0, 1}, .message = "third"}};
    const std::string text = render_text(source, all);
    CHECK_THAT(text, Catch::EndsWith("t.yaml: 1 error, 1 warning (1 accepted)\n"));
    CHECK_THAT(text, !Catch::Contains("second"));
    const auto json = diagnostics_to_json(source, all);
    CHECK(json["errors"] == 1);
    CHECK(json["warnings"] == 1);
    CHECK(json["diagnostics"].size() == 3);
    CHECK(json["diagnostics"][1]["accepted"] == true);
}

TEST_CASE("diagnostics: sorted by place, errors before warnings", "[diagnostic]") {
    std::vector<Diagnostic> all{
        {.severity = Severity::warning, .rule = "W", .at = {3, 4}},
        {.severity = Severity::error, .rule = "E", .at = {3, 4}},
        {.severity = Severity::warning, .rule = "F", .at = {1, 2}}};
    sort_by_place(all);
    CHECK(all[0].rule == "F");
    CHECK(all[1].rule == "E");
    CHECK(all[2].rule == "W");
}

TEST_CASE("diagnostics: GitHub annotations escape what would end them", "[diagnostic]") {
    const SourceText source{"a,b:c.yaml", "x\n"};
    const std::vector<Diagnostic> one{
        {.rule = "A", .at = {0, 1}, .message = "100% wrong", .hint = "mend it"}};
    CHECK(
        render_github(source, one) ==
        "::error file=a%2Cb%3Ac.yaml,line=1,col=1,title=A::100%25 wrong%0Amend it\n"
    );
}

TEST_CASE("diagnostics: SARIF names rule, place and acceptance", "[diagnostic]") {
    const SourceText source{"t.yaml", "été: x\n"};
    const std::vector<Diagnostic> one{
        {.severity = Severity::warning,
         .rule = "A",
         .at = find(source, "x"),
         .message = "m",
         .accepted = true}};
    const auto log = diagnostics_to_sarif({{&source, &one}}, {{"A", "title", "help"}}, "1.2.3");
    const auto& run = log["runs"][0];
    CHECK(log["version"] == "2.1.0");
    CHECK(run["tool"]["driver"]["rules"][0]["id"] == "A");
    CHECK(run["results"][0]["level"] == "warning");
    CHECK(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 6);
    CHECK(run["results"][0]["suppressions"][0]["kind"] == "inSource");
}

TEST_CASE("diagnostics: JSON survives bytes that are not UTF-8", "[diagnostic]") {
    const SourceText source{"t", "a\xFF\n"};
    const std::vector<Diagnostic> one{{.rule = "A", .at = {1, 2}, .message = "byte \xFF"}};
    CHECK_NOTHROW(diagnostics_to_json(source, one).dump());
}
