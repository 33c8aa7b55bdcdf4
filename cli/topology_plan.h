// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/transition.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pchat::cli {

/// The changes from one document to the next, a line each, and their count; "no changes" when there
/// are none.
std::string plan_text(const std::vector<topology::Change>& changes, bool colour);
nlohmann::ordered_json plan_json(const std::vector<topology::Change>& changes);

}  // namespace pchat::cli
