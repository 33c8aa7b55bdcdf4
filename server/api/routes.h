// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/router.h"

#include <vector>

namespace pchat::api {

// One function for each noun adds its rows to the table; router.cpp calls them all.

void add_session_routes(std::vector<Route>& table);
void add_message_routes(std::vector<Route>& table);
void add_room_routes(std::vector<Route>& table);
void add_category_routes(std::vector<Route>& table);
void add_user_routes(std::vector<Route>& table);
void add_policy_routes(std::vector<Route>& table);
void add_principal_routes(std::vector<Route>& table);
void add_access_routes(std::vector<Route>& table);
void add_audit_routes(std::vector<Route>& table);
void add_invitation_routes(std::vector<Route>& table);
void add_report_routes(std::vector<Route>& table);
void add_import_routes(std::vector<Route>& table);
void add_addin_routes(std::vector<Route>& table);
void add_group_routes(std::vector<Route>& table);
void add_config_routes(std::vector<Route>& table);
void add_token_routes(std::vector<Route>& table);
void add_topology_routes(std::vector<Route>& table);
void add_wall_routes(std::vector<Route>& table);
void add_search_routes(std::vector<Route>& table);
void add_file_routes(std::vector<Route>& table);
void add_discover_routes(std::vector<Route>& table);
void add_endpoint_routes(std::vector<Route>& table);
void add_pool_routes(std::vector<Route>& table);
void add_directory_routes(std::vector<Route>& table);
void add_estate_routes(std::vector<Route>& table);

/// Returns once compliance knows of it.
Result<void> wait_for_record(
    Chat& chat, std::int64_t kind, PrincipalId user, RoomId room, std::string_view detail = {}
);

}  // namespace pchat::api
