// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace pchat::app {

/// Tells systemd ("READY=1", "WATCHDOG=1"), when it started us as Type=notify; else nothing.
void notify_service_manager(std::string_view state);

/// How often it wants to hear from us, if at all.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace pchat::app
