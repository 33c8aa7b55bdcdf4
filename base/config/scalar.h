// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace pchat::config {

// What readers of YAML take a plain scalar for. They disagree on many, so this reader is strict
// about what it takes itself and asks for quotes where another one could read something else.

/// true, no, Off, y and their like.
bool is_boolean_word(std::string_view text);

/// 12, 010, 1e3, 0x1F, 1_000, 10:30, .inf: a number to some reader or other.
bool looks_like_number(std::string_view text);

/// What we take for a whole number: decimal digits without a leading zero, and a minus sign.
bool is_plain_integer(std::string_view text);

}  // namespace pchat::config
