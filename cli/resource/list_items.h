// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// What was given to the flag of a list, with the lines of a file in the place of `@FILE`, and of
/// standard input in the place of `-`. Empty lines and those that begin with # are no items.
Result<std::vector<std::string>> list_items(Context& ctx, const std::vector<std::string>& given);

}  // namespace pchat::cli
