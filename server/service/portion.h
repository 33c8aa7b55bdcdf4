// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>

namespace pchat {

struct PortionLimits {
    std::size_t least = 1;
    std::size_t most = 1;
    std::chrono::nanoseconds patience{};  // of who talks
};

/// How much of a long work goes into one transaction. The more, the less each thing costs; but
/// SQLite takes nothing else meanwhile, so they are short while people talk.
class Portion {
public:
    explicit Portion(PortionLimits limits) : limits_(limits), size_(limits.most) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    /// Learns from a transaction how long `done` things took, and whether somebody has talked of
    /// late.
    void learn(std::chrono::nanoseconds took, std::size_t done, bool people_talk);

private:
    PortionLimits limits_;
    std::size_t size_;
};

}  // namespace pchat
