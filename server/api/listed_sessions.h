// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"
#include "server/api/router.h"
#include "server/service/session_list.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pchat::api {

/// A session of the pool.
struct ListedSession {
    SessionFacts facts;
    std::string server;
    bool is_here = true;

    [[nodiscard]] SessionPlace place() const { return {facts.connected_at, facts.id}; }
};
using ListedSessions = std::vector<ListedSession>;

// Both wait. The longest connected come first.

Result<ListedSessions> sessions_of(Call& call, PrincipalId user);
/// Those that the request asks for by ?user=, filter= and cursor=: `wanted` of them, or more, or
/// all that are left.
Result<ListedSessions> find_sessions(Call& call, std::size_t wanted);

}  // namespace pchat::api
