// SPDX-License-Identifier: Apache-2.0
#include "cli/scan.h"
#include "tests/support/catch.h"

using namespace pchat::cli;

namespace {

std::vector<Arg> flags() {
    Arg output;
    output.name = "output";
    output.letter = 'o';
    Arg quiet;
    quiet.name = "quiet";
    quiet.letter = 'q';
    quiet.kind = ValueKind::flag;
    Arg dry_run;
    dry_run.name = "dry-run";
    dry_run.alias = "what-if";
    dry_run.kind = ValueKind::flag;
    return {output, quiet, dry_run};
}

/// One letter a word: Positional, Flag, Value, Separator.
std::string roles(const std::vector<std::string>& words) {
    std::string text;
    const std::vector<Arg> known = flags();
    for (const Word& word : scan(words, known))
        text += "PFVS"[static_cast<int>(word.role)];
    return text;
}

}  // namespace

TEST_CASE("scan: the word behind a flag that takes a value is its value", "[scan]") {
    CHECK(roles({"-o", "json", "room"}) == "FVP");
    CHECK(roles({"--output", "json", "room"}) == "FVP");
    CHECK(roles({"--output", "-h"}) == "FV");
}

TEST_CASE("scan: a value in the same word leaves the next one alone", "[scan]") {
    CHECK(roles({"--output=json", "room"}) == "FP");
    CHECK(roles({"--output=", "room"}) == "FP");
    CHECK(roles({"-ojson", "room"}) == "FP");
    CHECK(roles({"-qojson", "room"}) == "FP");
    CHECK(roles({"-qo", "json"}) == "FV");
}

TEST_CASE("scan: unknown and plain flags take nothing", "[scan]") {
    CHECK(roles({"--bogus", "room"}) == "FP");
    CHECK(roles({"-x", "room"}) == "FP");
    CHECK(roles({"-q", "room"}) == "FP");
}

TEST_CASE("scan: a lone dash is a positional and two dashes end the flags", "[scan]") {
    CHECK(roles({"-", "--", "-o", "json"}) == "PSPP");
    CHECK(roles({"-o", "--", "room"}) == "FVP");
}

TEST_CASE("scan: a flag is found by name, alias and letter", "[scan]") {
    const std::vector<Arg> known = flags();
    CHECK(has_flag(scan({"--what-if"}, known), "dry-run"));
    CHECK(has_flag(scan({"-q"}, known), "quiet"));
    CHECK_FALSE(has_flag(scan({"--", "-q"}, known), "quiet"));
    CHECK_FALSE(has_flag(scan({"-o", "-q"}, known), "quiet"));
}

TEST_CASE("scan: the last of several values counts", "[scan]") {
    const std::vector<Arg> known = flags();
    CHECK(value_of(scan({"-o", "json", "--output=yaml"}, known), "output") == "yaml");
    CHECK(value_of(scan({"-o"}, known), "output") == std::nullopt);
}
