// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace pchat::cli {

/// "ann@desk 4711 81234 1c9e02f7-53d1a7b0-4026531836": who, the process and when it began; the
/// machine, its start and the namespace in which the process has that number.
std::string lock_owner();

/// Whether that owner is a process of this machine that is gone for certain. What cannot be known
/// from here, such as a process in another container, is not.
bool is_gone(const std::string& owner, const std::string& proc = "/proc");

}  // namespace pchat::cli
