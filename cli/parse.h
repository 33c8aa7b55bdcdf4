// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/bound_command.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Gives every word to the argument it belongs to. What is wrong with the line is Errc::usage, with
/// the nearest known flag and the command that prints the help.
Result<void> parse(BoundCommand& bound, const std::vector<std::string>& words);

}  // namespace pchat::cli
