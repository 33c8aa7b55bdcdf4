// SPDX-License-Identifier: Apache-2.0
#include "cli/help_page.h"
#include "tests/support/catch.h"
#include "tests/support/sample_table.h"

using namespace pchat::cli;
using Catch::Contains;

namespace {

constexpr std::string_view create_help = R"(Makes a room.

## Examples

Make one:

    pchatctl room create lobby

## Notes

Names are unique.

## Exit codes

- 1: the room exists

## See also

room list
)";

struct Pages {
    pchat::test::SampleSeen seen;
    CommandTable table = pchat::test::sample_table(seen);

    std::string create(bool colour = false) {
        Command command = *table.find("room create");
        command.help = create_help;
        return command_page(BoundCommand(command), colour);
    }
};

}  // namespace

TEST_CASE("help page: the whole page of a command", "[help]") {
    CHECK(Pages().create() == R"(pchatctl room create - Create a room

USAGE
  pchatctl room create <name> [flags]

DESCRIPTION
  Makes a room.

EXAMPLES
  Make one:
    pchatctl room create lobby

ARGUMENTS
  <name>  room name

FLAGS
      --topic <text>             topic shown in the header
  -m, --member <who>             a member; may be repeated
      --size <count>             most members
      --active[={true | false}]  whether people may post
      --privacy {open | closed | secret}
                                 who sees the room
      --strict                   refuse what looks odd
  -f, --file <file>              rooms to make
      --pool <pool>              where to make it

GLOBAL FLAGS
  -o, --output {table | json | name}
                  how to show the result (default: table)
  -n, --dry-run   show what would change and change nothing
  -y, --yes       answer every question with yes
  -h, --help      show this help
  -q, --quiet     print only errors on stderr
  -v, --verbose   say more about what is done and what went wrong
      --no-color  use no colours
      --no-input  never ask, fail instead
      --no-pager  never show long output through a pager

NOTES
  Names are unique.

EXIT CODES
  0  done
  1  the room exists
  2  usage: the command line was not understood

SEE ALSO
  room list
)");
}

TEST_CASE("help page: headings are bold only where colour is wanted", "[help]") {
    CHECK_THAT(Pages().create(true), Contains("\x1b[1mEXAMPLES\x1b[0m"));
    CHECK_THAT(Pages().create(false), !Contains("\x1b"));
}

TEST_CASE("help page: a noun lists its verbs and hides what is hidden", "[help]") {
    Pages pages;
    CHECK(noun_page(pages.table, "room", false) == R"(pchatctl room - Make and change rooms

USAGE
  pchatctl room <verb> [arguments] [flags]

VERBS
  create  Create a room
  list    List rooms
  fail    Fail
  add     pool, member

SEE ALSO
  pchatctl room <verb> --help
)");
    CHECK_THAT(noun_page(pages.table, "room add", false), Contains("member  Add a member"));
    const std::string overview = overview_page(pages.table, false);
    CHECK_THAT(
        overview, Contains("room  Make and change rooms") && Contains("version  Show the version")
    );
    CHECK_THAT(overview, !Contains("__inner"));
}

TEST_CASE("help page: a long left entry stands on its own line", "[help]") {
    CHECK(two_columns({{"a", "one"}, {"bbb", "two"}}) == "  a    one\n  bbb  two\n");
    const std::string wide(40, 'x');
    CHECK(two_columns({{"a", "one"}, {wide, "two"}}) == "  a  one\n  " + wide + "\n     two\n");
}
