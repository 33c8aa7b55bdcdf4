// SPDX-License-Identifier: Apache-2.0
#include "server/api/routes.h"

namespace pchat::api {

const std::vector<Route>& routes() {
    static const std::vector<Route> table = [] {
        std::vector<Route> out;
        add_session_routes(out);
        add_message_routes(out);
        add_room_routes(out);
        add_category_routes(out);
        add_addin_routes(out);
        add_config_routes(out);
        add_group_routes(out);
        add_import_routes(out);
        add_policy_routes(out);  // before users: /v1/users/policies is no user
        add_principal_routes(out);
        add_access_routes(out);
        add_audit_routes(out);
        add_invitation_routes(out);
        add_report_routes(out);
        add_token_routes(out);
        add_topology_routes(out);
        add_user_routes(out);
        add_wall_routes(out);
        add_search_routes(out);
        add_file_routes(out);
        add_directory_routes(out);
        add_estate_routes(out);
        add_discover_routes(out);
        add_endpoint_routes(out);
        add_pool_routes(out);
        return out;
    }();
    return table;
}

}  // namespace pchat::api
