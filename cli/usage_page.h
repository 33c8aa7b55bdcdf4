// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

#include <string>

namespace pchat::cli {

/// The answer of /v1/reports/usage as one page that needs nothing else, with a picture of the days.
std::string usage_page(const nlohmann::ordered_json& usage);

/// Days as bars.
std::string usage_picture(const nlohmann::ordered_json& days);

}  // namespace pchat::cli
