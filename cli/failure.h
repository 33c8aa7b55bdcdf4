// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// Says what went wrong: `pchatctl: <command>: <message>` and `hint: <what to do>` on stderr, where
/// the error happened only with -v. With `-o json` stdout gets it too, as the one document of the
/// run.
void report_failure(Context& ctx, const std::string& command, const Error& error);

}  // namespace pchat::cli
