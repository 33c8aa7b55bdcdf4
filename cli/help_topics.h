// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace pchat::cli {

/// A page of `pchatctl help` that belongs to no command.
struct HelpTopic {
    std::string name;
    std::string summary;
    std::string (*page)();
};
const std::vector<HelpTopic>& help_topics();

}  // namespace pchat::cli
