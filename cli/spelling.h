// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// "unknown flag '--strct', did you mean '--strict'?": `what` is the kind of word; the suggestion
/// is left out when nothing is near.
std::string unknown_word(
    std::string_view what, std::string_view word, const std::vector<std::string>& known
);

/// "takes one of a, b, c, got 'd'", with the suggestion where one is near.
std::string wrong_choice(std::string_view word, const std::vector<std::string>& choices);

}  // namespace pchat::cli
