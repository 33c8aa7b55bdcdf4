// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_portion.h"

#include <algorithm>

namespace pchat {

void SearchPortion::learn(std::chrono::nanoseconds took, std::size_t messages, bool people_talk) {
    if (!people_talk) {
        messages_ = most;
        return;
    }
    if (messages == 0)
        return;
    // One that took no time to speak of says little: it may be a few messages without words.
    const auto fitting = took.count() <= 0
                             ? most
                             : static_cast<std::size_t>(
                                   static_cast<double>(messages) *
                                   static_cast<double>(std::chrono::nanoseconds{patience}.count()) /
                                   static_cast<double>(took.count())
                               );
    messages_ = std::clamp(std::min(fitting, messages_ * 2), least, most);
}

}  // namespace pchat
