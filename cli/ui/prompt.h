// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "cli/args.h"
#include "cli/context.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// Asks on the terminal; `--yes` answers. Without a terminal or with --no-input it fails with the
/// flag to give.
Result<void> confirm(Context& ctx, const std::string& question);

/// For what cannot be undone: asks for the name to be typed. `given` are the names that a script
/// gave with --confirm-name; --yes is no answer.
Result<void> confirm_name(
    Context& ctx,
    const std::string& question,
    const std::string& name,
    const std::vector<std::string>& given
);

/// `--confirm-name NAME`, also `--confirm`.
void confirm_option(Args& args, std::vector<std::string>& names);

/// Asks for a password, which is not shown while it is typed.
Result<Secret> ask_secret(Context& ctx, const std::string& question, const std::string& flag);

}  // namespace pchat::cli
