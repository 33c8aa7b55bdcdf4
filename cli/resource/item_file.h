// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <nlohmann/json.hpp>

#include <string>

namespace pchat::cli {

/// The things that a YAML file describes (JSON is YAML): a list of objects, one object, or an
/// object whose key `plural` holds the list. "-" reads standard input. Problems of form are shown
/// on stderr (Errc::bad_file).
Result<nlohmann::ordered_json> read_items(
    Context& ctx, const std::string& path, const std::string& plural
);

}  // namespace pchat::cli
