// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "bench/bare_server.h"
#include "bench/chat/load.h"

namespace pchat::bench {

/// The floor for one room: so many messages to `members` sockets, `gather` in one write.
struct FloorFigures {
    double seconds = 0;
    double cpu = 0;
};
FloorFigures fan_out_floor(std::size_t members, std::size_t gather, std::size_t messages);

/// Seconds for so many messages to rooms of 20, stored first.
double rooms_floor(
    const BarePlan& plan,
    std::size_t users,
    std::size_t messages,
    std::size_t under_way,
    const Choose& room_of
);

/// The messages of `pace`, each stored and passed on by itself.
Delays paced_floor(const BarePlan& plan, std::size_t users, Pace pace);

}  // namespace pchat::bench
