// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <nlohmann/json.hpp>

#include <string>

namespace pchat::cli {

/// Writes rows to a file that people (.html) or programs (.json) read later; what was there is
/// replaced.
Result<void> write_report(
    const std::string& file, const std::string& title, const nlohmann::ordered_json& rows
);

}  // namespace pchat::cli
