// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace pchat {

/// What became of something that was to be as it is given.
enum class PutOutcome : std::uint8_t { created, changed, same };

}  // namespace pchat
