// SPDX-License-Identifier: Apache-2.0
#include "base/suggest.h"

#include "base/unicode.h"

#include <algorithm>

namespace pchat {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    const std::string left = lower_ascii(a);
    const std::string right = lower_ascii(b);
    const std::size_t width = right.size() + 1;
    // Three rows are enough: a swap of neighbours looks two rows back.
    std::vector<std::size_t> two_back(width);
    std::vector<std::size_t> back(width);
    std::vector<std::size_t> row(width);
    for (std::size_t j = 0; j < width; ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        two_back.swap(back);
        back.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const std::size_t replace = back[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
            row[j] = std::min({back[j] + 1, row[j - 1] + 1, replace});
            const bool swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped)
                row[j] = std::min(row[j], two_back[j - 2] + 1);
        }
    }
    return row[right.size()];
}

std::optional<std::string> nearest(
    std::string_view word, const std::vector<std::string_view>& candidates
) {
    // A guess for a long text helps nobody, and the distance is quadratic.
    constexpr std::size_t longest_word = 128;
    if (word.empty() || word.size() > longest_word)
        return std::nullopt;
    std::size_t best = word.size() <= 3 ? 2 : 3;
    std::optional<std::string> found;
    for (const std::string_view candidate : candidates) {
        const std::size_t gap = candidate.size() > word.size() ? candidate.size() - word.size()
                                                               : word.size() - candidate.size();
        if (gap >= best || candidate.empty())
            continue;
        const std::size_t distance = edit_distance(word, candidate);
        // As many edits as there are letters would turn any word into any other.
        if (distance < best && distance < candidate.size()) {
            best = distance;
            found = std::string{candidate};
        }
    }
    return found;
}

}  // namespace pchat
