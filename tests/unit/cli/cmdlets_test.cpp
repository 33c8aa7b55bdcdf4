// SPDX-License-Identifier: Apache-2.0
#include "cli/cmdlets.h"
#include "cli/command.h"
#include "tests/support/catch.h"

#include <set>
#include <string>

using namespace pchat::cli;

TEST_CASE("cmdlets: each is there once", "[docs]") {
    std::set<std::string_view> names;
    for (const Cmdlet& one : cmdlets()) {
        INFO(one.name);
        CHECK(names.insert(one.name).second);
        CHECK_FALSE(one.commands.empty());
        CHECK(one.note.find('|') == std::string_view::npos);  // would end the column
    }
}

TEST_CASE("cmdlets: what the page names is in the command table", "[docs]") {
    const std::string page = cmdlets_page();
    CHECK(page.find("| New-CsPersistentChatRoom | `room create` | ") != std::string::npos);
    std::size_t named = 0;
    // Behind the head, what stands in backquotes in the second column is a command.
    for (std::size_t line = page.find("\n|---"); line != std::string::npos;
         line = page.find('\n', line + 1)) {
        const std::size_t second = page.find("| ", line + 3);
        const std::size_t end = page.find(" |", second + 2);
        if (second == std::string::npos || end == std::string::npos)
            break;
        const std::string column = page.substr(second, end - second);
        for (std::size_t at = column.find('`'); at != std::string::npos;) {
            const std::size_t stop = column.find('`', at + 1);
            const std::string path = column.substr(at + 1, stop - at - 1);
            INFO(path);
            CHECK_FALSE(command_table().under(path).empty());
            ++named;
            at = column.find('`', stop + 1);
        }
    }
    CHECK(named > 40);
}
