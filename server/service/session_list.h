// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A session at another server of the pool.
struct SessionElsewhere {
    Connection connection;
    std::string server;  // its FQDN
};

// Both wait, unless there is no other server.

Result<std::vector<SessionElsewhere>> sessions_elsewhere(Chat& chat);
Result<bool> is_open_elsewhere(Chat& chat, std::string_view uuid);
Result<std::vector<std::string>> open_elsewhere(Chat& chat, PrincipalId user);

}  // namespace pchat
