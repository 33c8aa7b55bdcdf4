// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"
#include "tests/support/catch.h"

using namespace pchat::cli;
using Kind = HelpBlock::Kind;

namespace {

constexpr std::string_view page = R"(First paragraph
goes on.

- an item
  of two lines
- another

## Examples

Do it:

    pchatctl room create a \
        --topic "b c"
    pchatctl room list

## See also

room list
)";

}  // namespace

TEST_CASE("help text: a page falls into a description and sections", "[help]") {
    const HelpText help = read_help(page);
    REQUIRE(help.sections.size() == 3);
    CHECK(help.sections[0].title.empty());
    CHECK(help.find("Examples") == &help.sections[1]);
    CHECK(help.find("See also") == &help.sections[2]);
    CHECK(help.find("Notes") == nullptr);
}

TEST_CASE("help text: lines of a paragraph and of an item are joined", "[help]") {
    const HelpText help = read_help(page);
    const auto& blocks = help.sections[0].blocks;
    REQUIRE(blocks.size() == 3);
    CHECK(blocks[0].text == "First paragraph goes on.");
    CHECK(blocks[1].kind == Kind::item);
    CHECK(blocks[1].text == "an item of two lines");
    CHECK(blocks[2].text == "another");
}

TEST_CASE("help text: indented lines stay as they are", "[help]") {
    const HelpText help = read_help(page);
    const HelpBlock& code = help.find("Examples")->blocks.at(1);
    CHECK(code.kind == Kind::code);
    CHECK(code.text == "pchatctl room create a \\\n    --topic \"b c\"\npchatctl room list\n");
}

TEST_CASE("help text: a page that starts with a section has no empty description", "[help]") {
    const HelpText help = read_help("## Examples\n\n    pchatctl version\n");
    REQUIRE(help.sections.size() == 1);
    CHECK(help.sections[0].title == "Examples");
    CHECK(read_help("").sections.empty());
}

TEST_CASE("help text: example lines come with their continuations joined", "[help]") {
    CHECK(
        example_lines(read_help(page)) ==
        std::vector<std::string>{"pchatctl room create a     --topic \"b c\"", "pchatctl room list"}
    );
}

TEST_CASE("help text: wrapping keeps the width, also with wide characters", "[help]") {
    CHECK(wrap("one two three", 2, 9) == "  one two\n  three\n");
    CHECK(wrap("\xE6\x97\xA5\xE6\x9C\xAC ab", 0, 6) == "\xE6\x97\xA5\xE6\x9C\xAC\nab\n");
    CHECK(wrap("unbreakable", 0, 4) == "unbreakable\n");
    CHECK(wrap("", 4).empty());
}

TEST_CASE("help text: words in backticks lose them and are not torn apart", "[help]") {
    CHECK(wrap(without_marks("use `-o json` here"), 0, 8) == "use\n-o json\nhere\n");
}

TEST_CASE(
    "help text: long command lines are continued before a flag, never inside quotes", "[help]"
) {
    const std::vector<std::string> folded{"cmd name --aa 'x --bb y' \\", "    --cc 1 -d 2"};
    CHECK(fold_command("cmd name --aa 'x --bb y' --cc 1 -d 2", 30) == folded);
    CHECK(fold_command("short -x", 30) == std::vector<std::string>{"short -x"});
    CHECK(fold_command(std::string(40, 'x'), 30) == std::vector<std::string>{std::string(40, 'x')});
    const std::vector<std::string> indented{"        --aa 1 \\", "        --bb 2 \\"};
    CHECK(fold_command("        --aa 1 --bb 2 \\", 18) == indented);
}
