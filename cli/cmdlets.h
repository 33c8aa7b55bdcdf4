// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace pchat::cli {

/// What somebody who knows the old management shell would type, and what it is here.
struct Cmdlet {
    std::string_view name;      // "New-CsPersistentChatCategory"
    std::string_view commands;  // paths of the command table, by comma: "category create"
    std::string_view note;      // what differs; may be empty
};

std::span<const Cmdlet> cmdlets();

/// docs/cmdlets.md: commands with their summaries from the command table. What the table does not
/// have is said to be without a command.
std::string cmdlets_page();

}  // namespace pchat::cli
