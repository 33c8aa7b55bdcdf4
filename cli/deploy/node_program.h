// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace pchat::cli {

/// What MachineLink::run takes: a shell program of which the first word is a verb. What it takes,
/// answers and fails with stands at the top of node/pchat-node.sh.
std::string node_program();

}  // namespace pchat::cli
