// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/rollout.h"

#include <functional>

namespace pchat::cli {

/// Begins an activation on a node and follows it to its end. It goes on by itself there: when the
/// link breaks, or the machine starts anew, it is asked again until `within` and some time for a
/// machine to start have passed. One that was cut off is brought to an end.
NodeResult follow_activation(
    NodeWay& way,
    const std::string& run,
    const std::function<Result<void>()>& begin,
    std::chrono::seconds within,
    RolloutView& view
);

/// One that runs there, or was cut off, before this roll-out begins.
NodeResult settle(NodeWay& way, std::chrono::seconds within, RolloutView& view);

}  // namespace pchat::cli
