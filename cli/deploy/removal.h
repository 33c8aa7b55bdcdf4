// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/rollout.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pchat::cli {

enum class Purge : std::uint8_t { no, yes };

/// Takes pchat off one node after the other, as whoever holds their lock. Whoever asks to `stop`
/// stops it before the next one; a node that fails does not.
std::vector<NodeResult> remove_all(
    const std::vector<NodeWay*>& ways,
    const std::string& owner,
    Purge purge,
    const std::function<bool()>& stop
);

}  // namespace pchat::cli
