// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/bound_command.h"

#include <string>
#include <vector>

namespace pchat::cli {

// How arguments are written for people, on help pages and in the manual: `<required>`,
// `[optional]`,
// `{a | b}`, `...` for what may be repeated.

/// "<old> <new> --edition <edition> [flags]", one piece an entry, so that nobody breaks inside one.
std::vector<std::string> synopsis(const BoundCommand& bound);

/// "<file>...", "-o, --output {table | json}", "    --strict".
std::string heading(const Arg& arg);

/// The help sentence with default, choices and repetition.
std::string explanation(const Arg& arg);

/// "{table | json}" or "<edition>"; empty for a plain flag.
std::string value_notation(const Arg& arg);

}  // namespace pchat::cli
