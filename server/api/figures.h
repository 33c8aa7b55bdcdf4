// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"
#include "server/api/site.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace pchat::api {

/// What this server tells of itself with each heartbeat, for whoever looks at the pool from any
/// server of it. For one thread.
class Figures {
public:
    Figures(Chat& chat, Hub& hub, const Health& health)
        : chat_(chat), hub_(hub), health_(health), before_(count()) {}

    /// A JSON object; rates are since the last one.
    std::string take();

private:
    struct Counts {
        std::chrono::steady_clock::time_point at{};
        std::uint64_t messages = 0;
        Histogram::Counts commits{};
    };
    [[nodiscard]] Counts count() const;

    Chat& chat_;
    Hub& hub_;
    const Health& health_;
    Counts before_;
};

/// "none", "ok" or "away".
std::string_view bus_word(const PoolHealth& pool);

}  // namespace pchat::api
