// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/source_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Where a YAML text seems to hold secrets in place: what stands behind keys like `credentials`,
/// `password` or `key`, but for `env:` and `file:` references. Goes by the letters alone, so it
/// also works where the text cannot be read, and rather finds too much than too little.
std::vector<Span> written_secrets(std::string_view text);

/// The text with a star for each byte of them.
std::string without_secrets(std::string_view text);

}  // namespace pchat
