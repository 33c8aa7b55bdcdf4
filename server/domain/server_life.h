// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"

#include <string_view>

namespace pchat {

/// It ended in order and was not started since, so that nobody wonders what became of it.
inline bool has_signed_off(const Server& server) {
    return server.expires_at == 0 || server.state == ServerState::stopped;
}

/// It does not live, and that was not meant. So does one that begins a life, until it serves.
inline bool is_lost(const Server& server, Microseconds now) {
    return server.state != ServerState::removed && !is_living(server, now) &&
           !has_signed_off(server);
}

/// What a server says of its addresses before its ports are known.
constexpr std::string_view no_addresses = "[]";

/// It has begun a life and does not serve yet; one whose start was killed counts for a while.
inline bool is_starting(const Server& server, Microseconds now) {
    constexpr Microseconds longest_silence = 60'000'000;
    return is_lost(server, now) && server.addresses == no_addresses &&
           now - server.heartbeat_at < longest_silence;
}

}  // namespace pchat
