// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology {

enum class Weight : std::uint8_t { normal, bold };

/// How wide a line may become in any common sans-serif font, in the unit of `size`. We cannot know
/// the reader's font, so this errs on the wide side.
double text_width(std::string_view text, double size, Weight weight = Weight::normal);

/// The text in lines no wider than `width`: broken after blanks and the punctuation of host names
/// and paths, within a word only where nothing else helps. At least one line.
std::vector<std::string> wrap_text(std::string_view text, double size, Weight weight, double width);

}  // namespace pchat::topology
