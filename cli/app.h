// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Runs one command line (without the program's name) and returns the exit code. Everything that
/// the program prints goes to the context's streams.
int run(
    const std::vector<std::string>& words, Context& ctx, const CommandTable& table = command_table()
);

}  // namespace pchat::cli
