// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include "base/unicode.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

namespace pchat::log {
namespace {

struct Name {
    std::string_view word;
    Level level;
    spdlog::level::level_enum native;
};

constexpr std::array names{
    Name{"debug", Level::debug, spdlog::level::debug},
    Name{"info", Level::info, spdlog::level::info},
    Name{"warning", Level::warning, spdlog::level::warn},
    Name{"error", Level::error, spdlog::level::err},
};

spdlog::level::level_enum native(Level level) {
    return names.at(static_cast<std::size_t>(level)).native;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "pchat", std::make_shared<spdlog::sinks::stderr_sink_mt>()
        );
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v", spdlog::pattern_time_type::utc);
        return made;
    }();
    return *instance;
}

}  // namespace

std::optional<Level> parse_level(std::string_view word) {
    for (const Name& name : names)
        if (name.word == word)
            return name.level;
    return std::nullopt;
}

void set_level(Level level) {
    logger().set_level(native(level));
}

bool enabled(Level level) {
    return logger().should_log(native(level));
}

void write(Level level, std::string_view text) {
    logger().log(native(level), printable(text));
}

}  // namespace pchat::log
