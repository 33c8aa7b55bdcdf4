// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/wording.h"

#include "base/suggest.h"

#include <fmt/format.h>

namespace pchat::topology {

std::string counted(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
    const auto guess = nearest(word, candidates);
    return guess ? fmt::format("did you mean '{}'?", *guess) : std::string{};
}

}  // namespace pchat::topology
