// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"

namespace pchat::cli {

Command topology_init_command();

}  // namespace pchat::cli
