// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <string>
#include <vector>

namespace pchat::cli {

// What the scripts in completions/ ask for: PCHATCTL_COMPLETE=<index> pchatctl <words of the line>,
// the index counting the program as 0. The answer is one candidate a line, `word<TAB>description`,
// and perhaps a last line `:files` or `:directories` that leaves paths to the shell.

/// Prints the candidates for word `index`; always 0 and never an error: nobody wants to read one in
/// the middle of typing.
int complete(
    const CommandTable& table,
    const std::string& index,
    const std::vector<std::string>& words,
    Context& ctx
);

/// Names of one kind ("pool", "rule") out of a topology file; empty where there is nothing to read.
std::vector<std::string> topology_names(
    Context& ctx, const std::string& refers, const std::string& file
);

}  // namespace pchat::cli
