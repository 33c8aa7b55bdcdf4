// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology {

// Small pieces of text that the messages of the rules share.

/// "1 machine", "5 machines".
std::string counted(std::size_t number, std::string_view noun);

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words);

/// "did you mean 'fe.contoso.example'?", to stand behind the caret; empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace pchat::topology
