// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace pchat {

/// Whether people talk by way of this server, for whoever must not keep them waiting. For one
/// thread.
class TalkWatch {
public:
    explicit TalkWatch(const Chat& chat) : chat_(chat), said_(chat.commit_counts().messages) {}

    /// Somebody did since the last look, or no longer than a second ago: who did may go on.
    bool people_talk();

private:
    const Chat& chat_;
    std::uint64_t said_;  // how much was said here, when last looked at
    std::optional<std::chrono::steady_clock::time_point> talked_at_;
};

}  // namespace pchat
