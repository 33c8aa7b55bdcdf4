// SPDX-License-Identifier: Apache-2.0
#include "server/service/talk_watch.h"

#include <utility>

namespace pchat {
namespace {

constexpr std::chrono::seconds silence{1};

}  // namespace

bool TalkWatch::people_talk() {
    const auto now = chat_.clock().steady();
    const std::uint64_t said = chat_.commit_counts().messages;
    if (said != std::exchange(said_, said))
        talked_at_ = now;
    return talked_at_ && now - *talked_at_ < silence;
}

}  // namespace pchat
