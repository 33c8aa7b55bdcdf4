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
        add_user_routes(out);
        add_search_routes(out);
        return out;
    }();
    return table;
}

}  // namespace pchat::api
