// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Where a command line leads. Flags may stand before, between and after the words of the command.
struct Route {
    const Command* command = nullptr;  // null: the words name no command
    std::string prefix;                // words that were understood: "topology add"
    std::string unknown;               // the word after them that was not; empty: the line ended
    std::vector<std::string> rest;     // all other words, in their order
    bool wants_help = false;
    bool wants_version = false;  // --version, which only the program itself has
    GlobalOptions early;         // what is needed to show help or a usage error
};

Route find_route(const CommandTable& table, const std::vector<std::string>& words);

}  // namespace pchat::cli
