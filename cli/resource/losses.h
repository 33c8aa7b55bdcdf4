// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

#include <string>

namespace pchat::cli {

/// What a change took away besides what it was asked for, one line each; empty when there is
/// nothing.
std::string losses_text(const nlohmann::ordered_json& answer);

}  // namespace pchat::cli
