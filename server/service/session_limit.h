// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace pchat {

constexpr std::int64_t most_pool_sessions = 80'000;
constexpr std::int64_t most_server_sessions = 30'000;

/// How many sessions there may be, and how many there are.
struct SessionLimit {
    std::int64_t server = 0;       // of this one, in a pool that is whole
    std::int64_t planned = 0;      // of the pool, by its topology; 0: not planned
    bool misses_a_server = false;  // then this one takes half as many again, for its people
    std::int64_t here = 0;         // with the one that comes
    std::int64_t elsewhere = 0;    // at the other servers of the pool, as they told last

    [[nodiscard]] std::int64_t most_here() const {
        return misses_a_server
                   ? std::max(server, std::min(server + server / 2, most_server_sessions))
                   : server;
    }
};

/// Why one more cannot be taken; nothing when it can.
struct FullReason {
    std::string text;
    bool everywhere = false;  // another server of the pool would say the same
};
std::optional<FullReason> why_full(const SessionLimit& limit);

}  // namespace pchat
