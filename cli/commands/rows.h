// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <vector>

namespace pchat::cli {

// Each file of cli/commands/ hands over its rows; commands.cpp puts them together in this order.
// A row leaves Command::help empty: it is filled from cli/help/<path-with-dashes>.md.

std::vector<Command> topology_check_commands();    // validate
std::vector<Command> topology_rules_commands();    // rules explain
std::vector<Command> topology_diff_commands();     // diff
std::vector<Command> topology_publish_commands();  // publish history rollback
std::vector<Command> topology_view_commands();     // show graph
std::vector<Command> topology_edit_commands();     // init add set remove
std::vector<Command> capacity_commands();          // check
std::vector<Command> db_commands();                // plan provision migrate, and the next five
std::vector<Command> db_status_commands();         // status
std::vector<Command> db_test_commands();           // test
std::vector<Command> db_backup_commands();         // backup
std::vector<Command> db_restore_commands();        // restore
std::vector<Command> db_uninstall_commands();      // uninstall
std::vector<Command> deploy_commands();            // plan pool node
std::vector<Command> deploy_status_commands();     // status
std::vector<Command> deploy_back_commands();       // rollback remove
std::vector<Command> deploy_ca_commands();         // ca init issue renew
std::vector<Command> room_commands();       // the five of a resource, clear members disable enable
std::vector<Command> room_move_commands();  // move
std::vector<Command> room_undo_commands();  // undo
std::vector<Command> wall_commands();       // set get list remove test
std::vector<Command> category_commands();   // create get list set remove
std::vector<Command> user_commands();       // create get list set remove
std::vector<Command> group_commands();      // create get list set remove
std::vector<Command> addin_commands();      // create get list set remove
std::vector<Command> import_commands();     // of users and groups
std::vector<Command> policy_commands();     // set get list remove grant revoke effective who
std::vector<Command> config_commands();     // set get list remove effective
std::vector<Command> estate_commands();     // plan apply drift export
std::vector<Command> pool_commands();       // list drain undrain, active ...
std::vector<Command> pool_status_commands();   // status
std::vector<Command> principal_commands();     // list get eligible check
std::vector<Command> access_commands();        // explain diff
std::vector<Command> message_commands();       // send list search remove replace
std::vector<Command> message_tail_commands();  // tail
std::vector<Command> directory_commands();     // sync status
std::vector<Command> audit_commands();         // list
std::vector<Command> invitation_commands();    // list
std::vector<Command> report_commands();        // usage sessions
std::vector<Command> token_commands();         // create list remove
std::vector<Command> endpoint_commands();      // create list remove
std::vector<Command> session_commands();       // list end
std::vector<Command> test_message_commands();  // message
std::vector<Command> test_ready_commands();    // ready
std::vector<Command> login_commands();         // login logout
std::vector<Command> context_commands();       // list use show remove
std::vector<Command> server_commands();        // run
std::vector<Command> help_commands();
std::vector<Command> completion_commands();
std::vector<Command> version_commands();
std::vector<Command> docs_commands();  // __docs: what the build asks for

}  // namespace pchat::cli
