// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>

namespace pchat {

/// Microseconds since 1970-01-01 UTC: how times are stored and sent.
using Microseconds = std::int64_t;

/// Where the time comes from; tests have their own. Durations go by `steady`, which no one sets
/// back.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Microseconds now() const = 0;
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock : public Clock {
public:
    [[nodiscard]] Microseconds now() const override {
        const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
    }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
};

}  // namespace pchat
