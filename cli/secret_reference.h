// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// The secret that `env:NAME` or `file:PATH` leads to, without a line end. A path that is not
/// absolute begins at `folder`. Messages name the reference, never the secret.
Result<Secret> read_secret(
    const Context& ctx, const std::string& reference, const std::string& folder
);

/// The same of a certificate, which is none: everybody may read it. Ends with a line end.
Result<std::string> read_referred_text(
    const Context& ctx, const std::string& reference, const std::string& folder
);

}  // namespace pchat::cli
