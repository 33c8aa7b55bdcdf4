// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/topology_file.h"

#include <string>

namespace pchat::cli {

enum class Force : std::uint8_t { no, yes };

/// A topology document that was changed in memory.
struct EditedTopology {
    std::string path;  // as given; "-": standard input, and the result goes to standard output
    InputText before;
    std::string after;
    std::string done;  // what is true once it is written: "site/hq added to topo.yaml"
};

/// Judges the result and writes it, or with --dry-run shows the difference. A result with errors is
/// written under Force::yes only; warnings that were not there before are shown.
Result<void> keep_edit(Context& ctx, const EditedTopology& edited, Force force);

}  // namespace pchat::cli
