// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <span>
#include <string>

namespace pchat {

// What an object of settings holds; outside, the object is not one and the default counts.
constexpr int least_history = 1;
constexpr int most_history = 500;
constexpr int least_file_kb = 1;
constexpr int most_file_kb = 4'000'000;
constexpr int most_participants = 100'000;

/// The settings in force here. What an object leaves out, or says wrongly, is the default.
ChatConfig effective_chat_config(std::span<const ConfigObject> objects, const Home& home);

/// What one object says.
ChatConfig chat_config_of(const ConfigObject& object);
/// As an object keeps it: JSON.
std::string chat_config_body(const ChatConfig& config);

}  // namespace pchat
