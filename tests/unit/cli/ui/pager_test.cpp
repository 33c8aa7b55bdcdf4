// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/pager.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/temp_dir.h"

#include <csignal>

using namespace pchat;

namespace {

/// A terminal of five lines.
struct Screen : test::CliSession {
    Screen() {
        terminal.out_is_tty = true;
        terminal.height = 5;
    }
    void show(const std::string& text) {
        cli::Context ctx = context();
        cli::show_text(ctx, text);
    }
};

const std::string four_lines = "1\n2\n3\n4\n";
const std::string five_lines = four_lines + "5\n";

}  // namespace

TEST_CASE("pager: only a text longer than the screen is paged", "[pager]") {
    Screen screen;
    screen.show(four_lines);
    CHECK(screen.paged.empty());
    CHECK(screen.out.str() == four_lines);
    screen.show(five_lines);
    CHECK(screen.paged == std::vector<std::string>{"less -FRX", five_lines});
}

TEST_CASE("pager: nothing is paged that is not for a terminal", "[pager]") {
    Screen screen;
    screen.terminal.out_is_tty = false;
    screen.show(five_lines);
    CHECK(screen.paged.empty());
}

TEST_CASE("pager: $PAGER is used, cat and PCHATCTL_NO_PAGER mean none", "[pager]") {
    Screen screen;
    screen.variables["PAGER"] = "more -s";
    screen.show(five_lines);
    CHECK(screen.paged.at(0) == "more -s");
    screen.paged.clear();
    screen.variables["PCHATCTL_NO_PAGER"] = "1";
    screen.show(five_lines);
    CHECK(screen.paged.empty());
    screen.variables = {{"PAGER", "cat"}};
    screen.show(five_lines);
    CHECK(screen.paged.empty());
}

TEST_CASE("pager: a pager that does not start leaves the text on stdout", "[pager]") {
    Screen screen;
    screen.pager_starts = false;
    screen.show(five_lines);
    CHECK(screen.out.str() == five_lines);
}

TEST_CASE("pager: the command gets the whole text", "[pager]") {
    const test::TempDir dir;
    const std::string file = (dir.path() / "got").string();
    const std::string text(300000, 'x');
    CHECK(cli::run_pager("cat > '" + file + "'", text));
    CHECK(test::read_file(file) == text);
}

TEST_CASE("pager: leaving early is no failure and ends nobody", "[pager]") {
    CHECK(cli::run_pager("head -c 1 > /dev/null", std::string(1000000, 'x')));
    CHECK(cli::run_pager("exit 3", std::string(1000000, 'x')));
}

TEST_CASE("pager: a command that does not exist is reported", "[pager]") {
    CHECK_FALSE(cli::run_pager("exec no-such-pager 2> /dev/null", "text\n"));
}

TEST_CASE("pager: the handling of signals is put back", "[pager]") {
    void (*before)(int) = std::signal(SIGINT, SIG_DFL);
    CHECK(cli::run_pager("cat > /dev/null", "text\n"));
    CHECK(std::signal(SIGINT, before) == SIG_DFL);
}
