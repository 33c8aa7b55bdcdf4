// SPDX-License-Identifier: Apache-2.0
#include "server/service/portion.h"

#include <algorithm>

namespace pchat {

void Portion::learn(std::chrono::nanoseconds took, std::size_t done, bool people_talk) {
    if (!people_talk) {
        size_ = limits_.most;
        return;
    }
    if (done == 0)
        return;
    // One that took no time to speak of says little: it may be a few messages without words.
    const auto fitting = took.count() <= 0 ? limits_.most
                                           : static_cast<std::size_t>(
                                                 static_cast<double>(done) *
                                                 static_cast<double>(limits_.patience.count()) /
                                                 static_cast<double>(took.count())
                                             );
    size_ = std::clamp(std::min(fitting, size_ * 2), limits_.least, limits_.most);
}

}  // namespace pchat
