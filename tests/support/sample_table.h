// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <string>
#include <vector>

namespace pchat::test {

/// What the commands of the sample table were told.
struct SampleSeen {
    std::string name;
    std::string topic;
    std::vector<std::string> members;
    std::optional<std::int64_t> size;
    std::optional<bool> active;
    std::string privacy;
    bool strict = false;
    cli::GlobalOptions global;
    bool ran = false;
};

/// A small command line with every kind of argument: `room create NAME`, `room add pool|member`,
/// `room fail`, `room list`, `version`, and the hidden `__inner dump`. Writes what it gets to
/// `seen`.
cli::CommandTable sample_table(SampleSeen& seen);

}  // namespace pchat::test
