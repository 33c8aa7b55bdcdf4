// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>

namespace pchat::net {

/// The way round a list that grows at its end, and shrinks by putting its last one into the gap:
/// from the end, a portion at a time, so that what each one of thousands costs is not paid at once.
/// Whoever is in the list for a whole round has a turn in it.
class Round {
public:
    static constexpr std::size_t portion = 128;

    /// How many there are in a round of so many.
    static constexpr std::size_t parts(std::size_t size) {
        return std::max<std::size_t>(1, (size + portion - 1) / portion);
    }

    struct Part {
        std::size_t first;
        std::size_t end;
    };
    Part next(std::size_t size) {
        if (left_ == 0)
            left_ = size;
        const std::size_t end = std::min(left_, size);
        left_ = end - std::min(end, portion);
        return {left_, end};
    }

private:
    std::size_t left_ = 0;  // the first so many have not had their turn
};

}  // namespace pchat::net
