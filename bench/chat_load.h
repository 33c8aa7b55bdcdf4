// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/private_server.h"
#include "tests/support/swarm.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::bench {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begun);
std::int64_t nanoseconds();

struct Latencies {
    std::vector<std::int64_t> values;
    void add(std::int64_t nanoseconds) { values.push_back(nanoseconds); }
    double at(double share) {
        if (values.empty())
            return 0;
        const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
        std::nth_element(
            values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end()
        );
        return static_cast<double>(values[index]) / 1e6;
    }
};

/// Joins peer i to the rooms that `rooms_of(i)` gives; returns how long it took.
double join_all(
    test::Swarm& swarm,
    const test::World& world,
    const std::function<std::vector<std::size_t>(std::size_t)>& rooms_of
);

/// Sends with so many messages under way until `total` are acknowledged; returns the seconds.
double send_many(
    test::Swarm& swarm,
    const test::World& world,
    std::size_t total,
    std::size_t under_way,
    const std::function<std::size_t(std::size_t)>& room_of,
    const std::function<std::size_t(std::size_t)>& sender_of,
    std::uint64_t deliveries
);

/// A paced stream; prints the latency of every delivery.
void paced(
    test::Swarm& swarm,
    const test::World& world,
    double per_second,
    std::chrono::seconds length,
    const std::function<std::size_t(std::size_t)>& room_of,
    const std::function<std::size_t(std::size_t)>& sender_of,
    std::string_view name
);

}  // namespace pchat::bench
