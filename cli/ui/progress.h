// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <chrono>
#include <cstddef>
#include <string>

namespace pchat::cli {

/// How far a long command has got, on stderr: a bar in place on a terminal, else a line now and
/// then; nothing with -q, and nothing for what is done in no time.
class Progress {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `what`: "rooms".
    Progress(Context& ctx, std::string what, std::size_t all, Time now);

    void show(std::size_t done, Time now);
    /// Before anything else is written where the bar stands.
    void hide();

private:
    [[nodiscard]] std::string text(std::size_t done, Time now) const;

    Context& ctx_;
    std::string what_;
    std::size_t all_;
    Time begun_;
    Time last_;
    std::size_t shown_ = 0;  // columns of the bar
};

}  // namespace pchat::cli
