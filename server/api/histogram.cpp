// SPDX-License-Identifier: Apache-2.0
#include "server/api/histogram.h"

#include <fmt/format.h>

#include <iterator>

namespace pchat::api {
namespace {

constexpr std::int64_t first_bound = 50'000;  // nanoseconds

}  // namespace

void Histogram::add(std::chrono::nanoseconds took) {
    std::int64_t bound = first_bound;
    std::size_t bucket = 0;
    while (bucket < bounds && took.count() > bound) {
        bound *= 2;
        ++bucket;
    }
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    nanoseconds_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

Histogram::Counts Histogram::counts() const {
    Counts out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = counts_[i].load(std::memory_order_relaxed);
    return out;
}

std::int64_t quantile(
    const Histogram::Counts& before, const Histogram::Counts& after, std::uint64_t permille
) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < after.size(); ++i)
        all += after[i] - before[i];
    std::uint64_t seen = 0;
    std::int64_t bound = first_bound / 1000;
    for (std::size_t i = 0; i < after.size() && all > 0; ++i, bound *= 2) {
        seen += after[i] - before[i];
        if (seen * 1000 >= all * permille)
            return bound;
    }
    return 0;
}

void Histogram::write(std::string& out, std::string_view name, std::string_view help) const {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "# HELP {} {}\n# TYPE {} histogram\n", name, help, name);
    std::uint64_t count = 0;
    std::int64_t bound = first_bound;
    for (std::size_t i = 0; i < bounds; ++i, bound *= 2) {
        count += counts_[i].load(std::memory_order_relaxed);
        fmt::format_to(
            to, "{}_bucket{{le=\"{}\"}} {}\n", name, static_cast<double>(bound) / 1e9, count
        );
    }
    count += counts_[bounds].load(std::memory_order_relaxed);
    fmt::format_to(
        to,
        "{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n",
        name,
        count,
        static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9
    );
}

}  // namespace pchat::api
