// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::api {

/// A histogram with fixed bounds; any thread may add.
class Histogram {
public:
    void add(std::chrono::nanoseconds took);
    static constexpr std::size_t bounds = 20;  // 50 us, doubling
    using Counts = std::array<std::uint64_t, bounds + 1>;
    [[nodiscard]] Counts counts() const;
    /// Prometheus text: buckets, sum and count, in seconds.
    void write(std::string& out, std::string_view name, std::string_view help) const;

private:
    std::array<std::atomic<std::uint64_t>, bounds + 1> counts_{};
    std::atomic<std::uint64_t> nanoseconds_{0};
};

/// Below which `permille` of what was added between the two stay: an upper bound, in microseconds.
/// 0: nothing was added.
std::int64_t quantile(
    const Histogram::Counts& before, const Histogram::Counts& after, std::uint64_t permille
);

}  // namespace pchat::api
