// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace pchat::log {

enum class Level : std::uint8_t { debug, info, warning, error };

std::optional<Level> parse_level(std::string_view word);

/// What is below `level` costs one comparison. Starts at `info`; may be called at any time, from
/// any thread.
void set_level(Level level);
bool enabled(Level level);

/// Writes one line to stderr. The text may hold what others sent: control characters are escaped,
/// so that nobody can forge a line.
void write(Level level, std::string_view text);

template <class... T>
void info(fmt::format_string<T...> format, T&&... arguments) {
    if (enabled(Level::info))
        write(Level::info, fmt::format(format, std::forward<T>(arguments)...));
}
template <class... T>
void debug(fmt::format_string<T...> format, T&&... arguments) {
    if (enabled(Level::debug))
        write(Level::debug, fmt::format(format, std::forward<T>(arguments)...));
}
template <class... T>
void warning(fmt::format_string<T...> format, T&&... arguments) {
    if (enabled(Level::warning))
        write(Level::warning, fmt::format(format, std::forward<T>(arguments)...));
}
template <class... T>
void error(fmt::format_string<T...> format, T&&... arguments) {
    if (enabled(Level::error))
        write(Level::error, fmt::format(format, std::forward<T>(arguments)...));
}

}  // namespace pchat::log
