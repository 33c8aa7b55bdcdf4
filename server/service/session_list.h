// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A session at another server of the pool.
struct SessionElsewhere {
    Connection connection;
    std::string server;  // its FQDN
};

/// Where a session stands in a list of them: the longest connected first.
struct SessionPlace {
    Microseconds connected_at = 0;
    std::string uuid;
    friend auto operator<=>(const SessionPlace&, const SessionPlace&) = default;
};

// All wait, unless there is no other server.

/// The first `limit` of those behind that place, in their order; costs about as much, however many
/// there are.
Result<std::vector<SessionElsewhere>> sessions_elsewhere(
    Chat& chat, const SessionPlace& after, std::size_t limit
);
/// All of that user, in any order.
Result<std::vector<SessionElsewhere>> sessions_elsewhere(Chat& chat, PrincipalId user);
Result<bool> is_open_elsewhere(Chat& chat, std::string_view uuid);

}  // namespace pchat
