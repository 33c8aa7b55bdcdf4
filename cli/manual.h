// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// One page of section 1 in the man macros of troff.
struct ManualPage {
    std::string file;  // "pchatctl-topology.1"
    std::string text;
};

/// pchatctl(1) and a page for each noun, from what --help is made of.
std::vector<ManualPage> manual_pages(const CommandTable& table);

}  // namespace pchat::cli
