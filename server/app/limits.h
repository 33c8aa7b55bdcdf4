// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"
#include "server/app/settings.h"
#include "server/net/listener.h"

#include <cstddef>

namespace pchat::app {

// What the settings mean to those who keep to them.
api::HubLimits hub_limits(const LimitSettings& limits, std::size_t threads);
net::ConnectionLimits connection_limits(const LimitSettings& limits);

}  // namespace pchat::app
