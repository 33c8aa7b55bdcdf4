// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Insertions, deletions, replacements and swaps of neighbours between two words, case ignored.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest candidate at most two edits away (one for words of up to three letters), or none.
std::optional<std::string> nearest(
    std::string_view word, const std::vector<std::string_view>& candidates
);

}  // namespace pchat
