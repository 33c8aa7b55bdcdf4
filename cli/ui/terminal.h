// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::cli {

using Environment = std::function<std::optional<std::string>(const std::string&)>;

/// Looks at the three standard streams and at the variables that forbid colour.
Terminal judge_terminal(const Environment& environment);

/// Colour goes to a terminal only, and not where NO_COLOR is set or TERM is "dumb" or unknown.
bool wants_colour(bool is_tty, const Environment& environment);

enum class Style : std::uint8_t { strong, failure };

/// The text in this style; unchanged without colour.
std::string styled(std::string_view text, Style style, bool colour);

}  // namespace pchat::cli
