// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/app/settings.h"
#include "server/bus/bus.h"

#include <memory>

namespace pchat::app {

/// The bus of the settings. It need not be there yet: it links when it comes.
Result<std::unique_ptr<bus::Bus>> open_bus(
    const Settings& settings, bus::BusListener& listener, const Clock& clock
);

}  // namespace pchat::app
