// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// Results for reading: straight to stdout or, when that is a terminal and the text is longer than
/// its screen, through $PAGER.
void show_text(Context& ctx, const std::string& text);

/// Feeds the text to a pager command run by the shell and waits for it; one that is left early is
/// fine. False when the shell could not start it, and nothing was shown.
bool run_pager(const std::string& command, const std::string& text);

}  // namespace pchat::cli
