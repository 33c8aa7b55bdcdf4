// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/commands/rows.h"
#include "generated/help_texts.h"

#include <algorithm>
#include <iterator>

namespace pchat::cli {
namespace {

CommandTable make_table() {
    CommandTable table;
    table.nouns = {
        {"topology", "Describe a deployment in one file, check it, change it, draw it"},
        {"topology add", "Add a thing to the document"},
        {"topology set", "Change a thing in the document"},
        {"topology remove", "Remove a thing from the document"},
        {"capacity", "Check whether the planned users fit the planned machines"},
        {"db", "Create the databases of a topology, look after them, remove them"},
    };
    for (auto rows : {
             topology_check_commands,
             topology_rules_commands,
             topology_diff_commands,
             topology_view_commands,
             topology_edit_commands,
             capacity_commands,
             db_commands,
             help_commands,
             completion_commands,
             version_commands,
             docs_commands,
         }) {
        std::vector<Command> more = rows();
        std::move(more.begin(), more.end(), std::back_inserter(table.commands));
    }
    for (Command& command : table.commands) {
        std::string page = command.path;
        std::replace(page.begin(), page.end(), ' ', '-');
        command.help = help_text(page);
    }
    return table;
}

}  // namespace

const CommandTable& command_table() {
    static const CommandTable table = make_table();
    return table;
}

}  // namespace pchat::cli
