// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace pchat {

/// Whether people see all of a name: no control characters, none that turn the direction of
/// reading, and none without a glyph, by which two names could look the same. What shapes letters
/// and emoji (joiners, variation selectors, tags) is fine beside some that are seen. An empty name
/// is visible.
bool is_visible(std::string_view name);

}  // namespace pchat
