// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "topology/parse.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace pchat::cli {

/// Where the topology is: the argument, else $PCHATCTL_TOPOLOGY, else ./topology.yaml when it
/// exists.
Result<std::string> topology_path(const Context& ctx, const std::string& argument);

/// The text of a file or, for "-", of standard input. Refuses terminals, directories, devices,
/// pipes by name and files over the size limit before reading them.
struct InputText {
    std::string name;
    std::string text;
};
struct InputRules {
    std::size_t most_bytes = config::DocumentLimits{}.bytes;
    /// What to do when there is no such file.
    std::string_view first_one = "a first one: pchatctl topology init";
};
Result<InputText> read_input(Context& ctx, const std::string& path, const InputRules& rules = {});

/// Reads and parses; shows what is wrong with its form on stderr and fails with exit code 3 when it
/// is not a usable document.
Result<topology::Parsed> load_topology(Context& ctx, const std::string& path);

/// `-f, --file FILE`, the same everywhere.
Arg& file_option(Args& args, std::string& into);

/// `[FILE]`, for commands that only look at a document.
Arg& file_argument(Args& args, std::string& into);

}  // namespace pchat::cli
