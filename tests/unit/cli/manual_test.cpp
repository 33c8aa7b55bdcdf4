// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"
#include "cli/troff.h"
#include "tests/support/catch.h"
#include "tests/support/sample_table.h"
#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <iostream>

using namespace pchat;
using namespace pchat::cli;
using Catch::Contains;

TEST_CASE("manual: text that troff would take for requests is escaped", "[manual]") {
    CHECK(troff_escape("a-b \\n 'c'") == "a\\-b \\en \\(aqc\\(aq");
    CHECK(troff_escape("Z\u00fcrich") == "Z\\[u00FC]rich");
    Troff page("x", "y");
    page.line(".SH not a heading");
    CHECK_THAT(page.text(), Contains("\n\\&.SH not a heading\n"));
}

TEST_CASE("manual: one page for the program and one for each noun", "[manual]") {
    test::SampleSeen seen;
    const std::vector<ManualPage> pages = manual_pages(test::sample_table(seen));
    REQUIRE(pages.size() == 2);
    CHECK(pages[0].file == "pchatctl.1");
    CHECK_THAT(
        pages[0].text,
        Contains("pchatctl version") && !Contains("__inner") && Contains(".SH EXIT STATUS")
    );
    CHECK(pages[1].file == "pchatctl-room.1");
    CHECK_THAT(
        pages[1].text,
        Contains(".SS pchatctl room add member") &&
            Contains("\\-\\-privacy {open | closed | secret}")
    );
    CHECK_THAT(pages[1].text, Contains(".SH ENVIRONMENT") && Contains("\\fB130\\fR"));
}

TEST_CASE("manual: every page is clean for groff", "[manual]") {
    if (std::system("command -v groff > /dev/null") != 0) {
        const char* require = std::getenv("PCHAT_TEST_REQUIRE");
        CHECK_FALSE((require && std::string(require) == "all"));
        std::cout << "SKIPPED: groff is missing\n";
        return;
    }
    const test::TempDir dir;
    for (const ManualPage& page : manual_pages(command_table())) {
        const std::string file = dir.write(page.file, page.text).string();
        const std::string complaints = (dir.path() / "complaints").string();
        const std::string command =
            "groff -man -Tutf8 -ww -z '" + file + "' 2> '" + complaints + "'";
        INFO(page.file);
        CHECK(std::system(command.c_str()) == 0);
        CHECK(test::read_file(complaints).empty());
    }
}
