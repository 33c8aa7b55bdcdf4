// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/app/settings.h"
#include "server/service/commit_queue.h"
#include "server/store/content_database.h"
#include "server/store/sql/target.h"

#include <chrono>
#include <optional>
#include <string>

namespace pchat::app {

/// Without a heartbeat, in the registry.
std::chrono::milliseconds registry_lifetime(const Settings& settings);
constexpr int heartbeats_of_a_lifetime = 6;

/// Of this process's environment.
std::optional<std::string> variable(const std::string& name);

/// The schema must be ours, and what the engine confirms must last.
Result<void> check_database(
    const Settings& settings, const DatabaseSettings& chosen, sql::Purpose purpose
);

/// Begins a new life of this server. It counts as living once it serves: with its first heartbeat.
Result<Life> enter_registry(ContentDatabase& content, const Settings& settings, Microseconds now);

/// Now and then until it serves: so that no other server puts this one away as lost, and the
/// service manager waits on. `denied` when another one took its place.
Result<void> tell_starting(ContentDatabase& content, Life life);

}  // namespace pchat::app
