// SPDX-License-Identifier: Apache-2.0
#include "cli/secret_reference.h"

#include "base/secret_reference.h"

namespace pchat::cli {

Result<Secret> read_secret(
    const Context& ctx, const std::string& reference, const std::string& folder
) {
    return pchat::read_secret(reference, folder, ctx.environment, "the topology");
}

Result<std::string> read_referred_text(
    const Context& ctx, const std::string& reference, const std::string& folder
) {
    return pchat::read_referred_text(reference, folder, ctx.environment, "the topology");
}

}  // namespace pchat::cli
