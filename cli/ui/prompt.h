// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// Asks on the terminal; `--yes` answers. Without a terminal or with --no-input it fails with the
/// flag to give.
Result<void> confirm(Context& ctx, const std::string& question);

}  // namespace pchat::cli
