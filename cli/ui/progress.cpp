// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto between_bars = 100ms;
constexpr auto between_lines = 5s;
constexpr std::size_t widest = 30;

}  // namespace

Progress::Progress(Context& ctx, std::string what, std::size_t all, Time now)
    : ctx_(ctx), what_(std::move(what)), all_(all), begun_(now), last_(now) {}

std::string Progress::text(std::size_t done, Time now) const {
    std::string out = fmt::format("{} of {} {}", done, all_, what_);
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(now - begun_).count();
    if (done > 0 && took >= 2) {
        const auto left = static_cast<std::size_t>(took) * (all_ - done) / done;
        out += fmt::format(", about {} s left", left);
    }
    return out;
}

void Progress::show(std::size_t done, Time now) {
    if (ctx_.global.quiet || all_ == 0)
        return;
    if (!ctx_.terminal.err_is_tty) {
        if (now - last_ < between_lines || done == all_)
            return;
        last_ = now;
        ctx_.note(text(done, now));
        return;
    }
    if (now - last_ < between_bars)
        return;
    last_ = now;
    const std::size_t full = widest * std::min(done, all_) / all_;
    std::string line = fmt::format(
        "[{}{}] {}", std::string(full, '#'), std::string(widest - full, '.'), text(done, now)
    );
    // A line that the terminal breaks in two cannot be taken back.
    const auto width = static_cast<std::size_t>(std::max(ctx_.terminal.width, 2)) - 1;
    line.resize(std::min(line.size(), width));
    const std::size_t length = line.size();
    line.resize(std::max(length, shown_), ' ');
    ctx_.err << '\r' << line << std::flush;
    shown_ = length;
}

void Progress::hide() {
    if (shown_ > 0)
        ctx_.err << '\r' << std::string(shown_, ' ') << '\r' << std::flush;
    shown_ = 0;
}

}  // namespace pchat::cli
