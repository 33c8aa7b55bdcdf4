// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/command.h"

#include <string_view>
#include <vector>

namespace pchat::cli {

/// One variable that the program reads, for `help environment` and the manual.
struct Variable {
    std::string_view name;
    std::string_view stands_for;  // the flag it stands in for; may be empty
    std::string_view meaning;
};
const std::vector<Variable>& variables();

/// Fills in what no flag has said: flag > environment > default.
Result<void> apply_environment(
    const Context& ctx, GlobalOptions& options, const Command& command, const CommandTable& table
);

/// The output format that is in force when the line itself cannot be parsed.
std::string output_from_environment(const Context& ctx);

}  // namespace pchat::cli
