// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <iterator>
#include <vector>

namespace pchat {

/// What of one ascending list is not in another.
template <class T>
std::vector<T> without(const std::vector<T>& from, const std::vector<T>& minus) {
    std::vector<T> out;
    std::set_difference(
        from.begin(), from.end(), minus.begin(), minus.end(), std::back_inserter(out)
    );
    return out;
}

}  // namespace pchat
