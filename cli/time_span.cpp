// SPDX-License-Identifier: Apache-2.0
#include "cli/time_span.h"

#include <charconv>

namespace pchat::cli {

std::optional<std::int64_t> time_span(const std::string& text) {
    std::int64_t count = 0;
    const char* end = text.data() + text.size();
    const auto [unit, problem] = std::from_chars(text.data(), end, count);
    constexpr std::int64_t most = 1'000'000;
    if (problem != std::errc{} || end - unit != 1 || count < 0 || count > most)
        return std::nullopt;
    switch (*unit) {
    case 's':
        return count;
    case 'm':
        return count * 60;
    case 'h':
        return count * 3'600;
    case 'd':
        return count * 86'400;
    default:
        return std::nullopt;
    }
}

}  // namespace pchat::cli
