// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <vector>

namespace pchat::cli {

/// A command with everything it takes, its own arguments and the flags that mean the same
/// everywhere. The arguments refer into this object: it stays where it is until the command has
/// run.
class BoundCommand {
public:
    explicit BoundCommand(const Command& command);
    ~BoundCommand() = default;
    BoundCommand(const BoundCommand&) = delete;
    BoundCommand& operator=(const BoundCommand&) = delete;
    BoundCommand(BoundCommand&&) = delete;
    BoundCommand& operator=(BoundCommand&&) = delete;

    [[nodiscard]] const Command& command() const { return command_; }
    [[nodiscard]] const std::vector<Arg>& own() const { return own_.all(); }
    [[nodiscard]] const std::vector<Arg>& global() const { return global_.all(); }
    [[nodiscard]] std::vector<Arg> all() const;  // own first
    [[nodiscard]] GlobalOptions& options() { return options_; }
    [[nodiscard]] const Run& run() const { return run_; }

private:
    const Command& command_;
    GlobalOptions options_;
    bool help_ = false;
    Args own_;
    Args global_;
    Run run_;
};

/// The flags of all commands, one of each name: for the words that stand before the verb.
std::vector<Arg> all_flags(const CommandTable& table);

/// What -o takes anywhere.
std::vector<std::string> all_formats(const CommandTable& table);

}  // namespace pchat::cli
