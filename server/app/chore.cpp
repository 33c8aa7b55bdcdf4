// SPDX-License-Identifier: Apache-2.0
#include "server/app/chore.h"

#include "base/log.h"
#include "server/service/database_sight.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::app {
namespace {

// A heartbeat that came less often would let the server be taken for lost.
constexpr std::chrono::milliseconds longest_pause{5'000};

}  // namespace

Chore::Chore(
    std::string name, std::chrono::milliseconds interval, std::function<Result<void>()> work
)
    : name_(std::move(name)), interval_(interval), pause_(interval), work_(std::move(work)) {}

std::chrono::milliseconds Chore::run() {
    const Result<void> outcome = work_();
    if (const std::optional<std::string> text = news(outcome))
        outcome ? log::info("{}", *text) : log::warning("{}", *text);
    return pause_after(outcome.has_value());
}

std::optional<std::string> Chore::news(const Result<void>& outcome) {
    if (outcome) {
        if (!std::exchange(complained_, false))
            return std::nullopt;
        return fmt::format("{} goes on", name_);
    }
    // Of a database that is away the log has one line already, for all of us.
    if (says_away(outcome.error()) || std::exchange(complained_, true))
        return std::nullopt;
    return fmt::format("{} has to wait: {}", name_, outcome.error().message);
}

std::chrono::milliseconds Chore::pause_after(bool worked) {
    pause_ = worked ? interval_ : std::max(interval_, std::min(2 * pause_, longest_pause));
    return pause_;
}

}  // namespace pchat::app
