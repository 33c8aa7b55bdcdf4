// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/terminal.h"
#include "tests/support/catch.h"

#include <map>

using namespace pchat::cli;

namespace {

bool colour(bool is_tty, std::map<std::string, std::string> variables) {
    return wants_colour(
        is_tty,
        [&variables](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        }
    );
}

}  // namespace

TEST_CASE("terminal: colour needs a terminal that can show it", "[terminal]") {
    CHECK(colour(true, {{"TERM", "xterm"}}));
    CHECK_FALSE(colour(false, {{"TERM", "xterm"}}));
    CHECK_FALSE(colour(true, {{"TERM", "dumb"}}));
    CHECK_FALSE(colour(true, {}));
}

TEST_CASE("terminal: NO_COLOR forbids colour unless it is empty", "[terminal]") {
    CHECK_FALSE(colour(true, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}));
    CHECK(colour(true, {{"TERM", "xterm"}, {"NO_COLOR", ""}}));
}

TEST_CASE("terminal: text without colour is the text", "[terminal]") {
    CHECK(styled("a", Style::strong, false) == "a");
    CHECK(styled("a", Style::strong, true) == "\x1b[1ma\x1b[0m");
}
