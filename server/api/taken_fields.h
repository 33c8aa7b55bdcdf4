// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/router.h"
#include "server/service/taken_away.h"

#include <vector>

namespace pchat::wire {
class FieldWriter;
}

namespace pchat::api {

/// ?force=true
Result<Force> force_of(const Call& call);
/// Nothing is written when nothing was taken away.
void write_taken(wire::FieldWriter& out, const std::vector<TakenAway>& taken);

}  // namespace pchat::api
