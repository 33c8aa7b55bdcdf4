// SPDX-License-Identifier: Apache-2.0
#include "server/app/limits.h"

#include <chrono>

namespace pchat::app {

api::HubLimits hub_limits(const LimitSettings& limits, std::size_t threads) {
    api::HubLimits out;
    out.page_bytes = static_cast<std::size_t>(*limits.outbound_bytes) / 2;
    out.sessions = static_cast<std::size_t>(*limits.sessions);
    out.in_flight = static_cast<std::size_t>(*limits.requests_in_flight);
    out.rate = static_cast<double>(*limits.rate_per_session);
    out.burst = static_cast<double>(*limits.burst);
    out.user_rate = static_cast<double>(*limits.rate_per_user);
    out.user_burst = out.burst * 2;
    out.joins = static_cast<double>(*limits.joins_per_second) / static_cast<double>(threads);
    return out;
}

net::ConnectionLimits connection_limits(const LimitSettings& limits) {
    net::ConnectionLimits out;
    // Room for those who are told that the server is full, and for HTTP.
    // While a server of the pool is lost, half as many more are taken for its people.
    out.connections = static_cast<std::size_t>(*limits.sessions) * 3 / 2 + 1'500;
    out.outbound_bytes = static_cast<std::size_t>(*limits.outbound_bytes);
    out.ping_interval = std::chrono::seconds{*limits.ping_seconds};
    out.message_bytes = static_cast<std::size_t>(*limits.story) * 12 + 4'096;
    return out;
}

}  // namespace pchat::app
