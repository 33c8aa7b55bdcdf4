// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/rollout_view.h"

#include "base/clock.h"
#include "base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto between_shares = 100ms;

/// The time of day, UTC: "04:31:07".
std::string clock_text() {
    return time_text(SystemClock{}.now()).substr(11, 8);
}

}  // namespace

RolloutView::RolloutView(Context& ctx, const std::vector<std::string>& nodes)
    : ctx_(ctx), in_place_(
                     ctx.terminal.err_is_tty &&
                     nodes.size() + 1 < static_cast<std::size_t>(std::max(ctx.terminal.height, 0))
                 ),
      nodes_(nodes) {
    for (const std::string& node : nodes_)
        widest_ = std::max(widest_, node.size());
}

RolloutView::~RolloutView() {
    finish();
}

void RolloutView::tell(const std::string& node, const std::string& text) {
    if (ctx_.global.quiet)
        return;
    const std::lock_guard guard{mutex_};
    if (std::exchange(texts_[node], text) == text)
        return;
    if (in_place_)
        draw();
    else
        ctx_.err << fmt::format("{}  {:<{}}  {}\n", clock_text(), node, widest_, text)
                 << std::flush;
}

void RolloutView::share(
    const std::string& node, const std::string& what, std::uint64_t done, std::uint64_t all
) {
    if (ctx_.global.quiet || !in_place_ || all == 0)
        return;
    const std::lock_guard guard{mutex_};
    texts_[node] = fmt::format("{} {} %", what, 100 * done / all);
    const auto now = std::chrono::steady_clock::now();
    if (now - shared_ < between_shares)
        return;
    shared_ = now;
    draw();
}

void RolloutView::draw() {
    // Back to the first line, then each one anew.
    std::string out = drawn_ ? fmt::format("\x1b[{}F", nodes_.size()) : std::string{};
    const auto width = static_cast<std::size_t>(std::max(ctx_.terminal.width, 2)) - 1;
    for (const std::string& node : nodes_) {
        std::string line = fmt::format("{:<{}}  {}", node, widest_, texts_[node]);
        line.resize(std::min(line.size(), width));
        out += line + "\x1b[K\n";
    }
    drawn_ = true;
    ctx_.err << out << std::flush;
}

void RolloutView::finish() {
    const std::lock_guard guard{mutex_};
    if (drawn_)
        draw();
    drawn_ = false;
    in_place_ = false;
}

}  // namespace pchat::cli
