// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// What a hook learns from its environment.
struct HookFacts {
    std::string pool;     // PCHAT_POOL
    std::string release;  // PCHAT_RELEASE
    std::string moment;   // PCHAT_MOMENT: "before", "after"
    std::string outcome;  // PCHAT_OUTCOME, afterwards: "done", "failed"
};

/// Runs a program of the administrator's on this machine, if one is named; what it says goes to
/// stderr as it comes. Fails with its exit code, and with Errc::interrupted when somebody asked to
/// end: then it was ended, too.
Result<void> run_hook(Context& ctx, const std::string& program, const HookFacts& facts);

}  // namespace pchat::cli
