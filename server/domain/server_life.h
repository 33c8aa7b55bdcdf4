// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"

namespace pchat {

/// It ended in order and was not started since, so that nobody wonders what became of it.
inline bool has_signed_off(const Server& server) {
    return server.expires_at == 0 || server.state == ServerState::stopped;
}

inline bool is_lost(const Server& server, Microseconds now) {
    return server.state != ServerState::removed && !is_living(server, now) &&
           !has_signed_off(server);
}

}  // namespace pchat
