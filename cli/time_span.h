// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace pchat::cli {

/// "90d", "12h", "30m", "45s" in seconds; none when it is nothing of the kind.
std::optional<std::int64_t> time_span(const std::string& text);

}  // namespace pchat::cli
