// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/bound_command.h"

#include <string>

namespace pchat::cli {

// The pages of --help, from the table, the arguments and cli/help/*.md; never wider than 80
// columns.

/// What `pchatctl` alone says: the nouns, what stands on its own, where to read on.
std::string overview_page(const CommandTable& table, bool colour);

/// The verbs of "topology" or, one level down, of "topology add".
std::string noun_page(const CommandTable& table, const std::string& prefix, bool colour);

std::string command_page(const BoundCommand& bound, bool colour);

/// Two columns, the second wrapped and aligned; a left entry that is too long stands on a line of
/// its own.
std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows);

/// Exit codes of a command: those that every command has and those of its page.
std::vector<std::pair<std::string, std::string>> exit_codes_of(const Command& command);

}  // namespace pchat::cli
