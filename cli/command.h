// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// What a command does once its arguments are parsed.
using Run = std::function<Result<void>(Context&)>;

/// One row of the command table (commands.cpp). A verb may be two words: "topology add pool".
struct Command {
    std::string path;                  // "topology validate"
    std::string summary;               // "Check a topology document": imperative, no full stop
    std::string_view help;             // embedded cli/help/topology-validate.md
    std::function<Run(Args&)> bind;    // declares arguments, returns the action
    std::vector<std::string> formats;  // what -o takes here besides nothing:
                                       // {"table","json","yaml","name"}; empty: no -o
    bool changes = false;              // takes --dry-run (and --what-if) and --yes
    bool hidden = false;               // not in help and completion
};

/// A noun with its one-line description, for `pchatctl` and `pchatctl <noun>`.
struct Noun {
    std::string name;
    std::string summary;
};

/// Every noun and every command, in the order in which help shows them.
struct CommandTable {
    std::vector<Noun> nouns;
    std::vector<Command> commands;

    [[nodiscard]] const Command* find(std::string_view path) const;
    /// Commands with the path `prefix` or below it ("topology", "topology add"); all for "".
    [[nodiscard]] std::vector<const Command*> under(std::string_view prefix) const;
    /// The words that may follow `prefix`, in table order, hidden ones left out.
    [[nodiscard]] std::vector<std::string> next_words(std::string_view prefix) const;
    /// The summary of a noun, or "".
    [[nodiscard]] std::string noun_summary(std::string_view name) const;
};

const CommandTable& command_table();  // THE table

}  // namespace pchat::cli
