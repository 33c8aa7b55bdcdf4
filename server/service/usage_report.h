// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pchat {

/// Of which time a report tells, and how long its lists are.
struct UsageQuery {
    Microseconds since = 0;
    Microseconds until = 0;
    std::size_t top = 10;
};

/// What was said where and by whom. Counts messages that exist: not those of rooms that were
/// removed or cleared, nor of categories without history.
struct UsageReport {
    struct RoomUse {
        RoomId room;
        std::int64_t messages = 0;
        std::size_t users = 0;
        Microseconds last_at = 0;  // 0: nothing was ever said
    };
    struct UserUse {
        PrincipalId user;
        std::int64_t messages = 0;
        std::size_t rooms = 0;
    };
    struct Day {
        Microseconds begins = 0;  // UTC
        std::int64_t messages = 0;
        std::size_t users = 0;
        std::size_t rooms = 0;
    };

    std::int64_t messages = 0;
    std::size_t rooms = 0;        // all there are
    std::size_t rooms_used = 0;   // in that time
    std::size_t users = 0;        // active ones
    std::size_t users_heard = 0;  // who said something in that time
    std::int64_t content_bytes = 0;
    std::vector<RoomUse> top_rooms;
    std::vector<RoomUse> idle_rooms;  // nothing since then; the longest first
    std::vector<UserUse> top_users;
    std::vector<Day> days;  // each of them, also without messages
    bool complete =
        true;  // no: there was more than one report reads, the quieter rooms are missing
};

/// Waits. At most a year, and a million messages.
Result<UsageReport> report_usage(Chat& chat, const UsageQuery& query);

}  // namespace pchat
