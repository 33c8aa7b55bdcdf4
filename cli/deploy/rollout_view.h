// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace pchat::cli {

/// What is done on which node, on stderr while it is done: a line for each node, renewed in place
/// on a terminal; else a line with the time for each step. Several threads may tell it something.
class RolloutView {
public:
    RolloutView(Context& ctx, const std::vector<std::string>& nodes);
    ~RolloutView();
    RolloutView(const RolloutView&) = delete;
    RolloutView& operator=(const RolloutView&) = delete;

    void tell(const std::string& node, const std::string& text);
    /// So much of something; a line of its own only on a terminal.
    void share(
        const std::string& node, const std::string& what, std::uint64_t done, std::uint64_t all
    );
    /// Leaves the lines as they are; what follows is written below.
    void finish();

private:
    void draw();

    Context& ctx_;
    bool in_place_;
    std::size_t widest_ = 0;
    std::mutex mutex_;
    std::vector<std::string> nodes_;
    std::map<std::string, std::string> texts_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point shared_;
};

}  // namespace pchat::cli
