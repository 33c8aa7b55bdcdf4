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
        {"deploy", "Bring releases to the machines of a pool, and see what they have"},
        {"deploy ca", "Keep a certificate authority for a pool"},
        {"room", "Create rooms, look after them, remove them"},
        {"category", "Decide who may use which rooms"},
        {"user", "Make users, change and disable them"},
        {"addin", "Register pages that rooms show beside their messages"},
        {"group", "Put users and groups under one name"},
        {"wall", "Keep two sides out of each other's rooms, and prove it"},
        {"policy", "Decide for whom chat is switched on"},
        {"config", "Set how much history, how large files, how many participants"},
        {"estate", "Describe all that lives in a pool in one file, and make it so"},
        {"principal", "Find users, groups, containers and domains"},
        {"access", "Show who may do what in which room, and why"},
        {"message", "Send messages, read, find and remove them"},
        {"directory", "Read users and groups from LDAP"},
        {"audit", "See who changed what"},
        {"invitation", "See who was told of which rooms"},
        {"session", "See who is connected, and disconnect them"},
        {"token", "Give scripts a sign-in of their own, with less than yours"},
        {"endpoint", "Give pools further addresses, for legacy clients"},
        {"report", "Tell how much the pool is used"},
        {"pool", "See the servers of a pool, and decide which of them take users"},
        {"pool active", "Decide which servers of the pool take users"},
        {"pool state", "See and decide what single servers are"},
        {"test", "Try whether a server does what it should"},
        {"server", "Run one server on this machine, to try things out"},
        {"context", "Servers that this user signed in at"},
    };
    for (auto rows : {
             topology_check_commands, topology_rules_commands,
             topology_diff_commands,  topology_view_commands,
             topology_edit_commands,  topology_publish_commands,
             capacity_commands,       db_commands,
             deploy_commands,         deploy_status_commands,
             deploy_back_commands,    deploy_ca_commands,
             room_commands,           room_move_commands,
             room_undo_commands,      category_commands,
             user_commands,           import_commands,
             addin_commands,          group_commands,
             wall_commands,           policy_commands,
             config_commands,         estate_commands,
             principal_commands,      access_commands,
             message_commands,        message_tail_commands,
             directory_commands,      audit_commands,
             invitation_commands,     session_commands,
             token_commands,          endpoint_commands,
             report_commands,         test_message_commands,
             test_ready_commands,     pool_commands,
             pool_status_commands,    server_commands,
             login_commands,          context_commands,
             help_commands,           completion_commands,
             version_commands,        docs_commands,
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
