// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/rollout.h"

#include <functional>

namespace pchat::cli {

/// Begins an activation on a node and follows it to its end. It goes on by itself there: when the
/// link breaks, or the machine starts anew, it is asked again until the time for it, and some for a
/// machine to start, has passed. One that was cut off is brought to an end. `begin` is called again
/// only where the node has not heard it. Who asks to end is told what is waited for, and is let go
/// when the node does not answer, or when asked again.
NodeResult follow_activation(
    const RolloutWish& wish,
    NodeWay& way,
    const std::function<Result<void>()>& begin,
    RolloutView& view
);

/// One that runs there, or was cut off, or could not be taken back, before this roll-out begins.
/// What still cannot be taken back is told and no failure: the next activation may be the way out.
Result<void> settle(NodeWay& way, std::chrono::seconds within, RolloutView& view);

}  // namespace pchat::cli
