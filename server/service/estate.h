// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/estate_plan.h"
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/estate_check.h"
#include "server/service/estate_work.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A change of the plan, and what it takes away.
struct EstateStep {
    EstateChange change;
    std::vector<EstateLoss> losses;
};

struct EstateOutcome {
    std::vector<EstateStep> steps;        // done, or of a dry run: what would be done
    std::vector<EstateProblem> problems;  // when there are any, nothing was done
    std::string plan;                     // its name: another one has another, or other losses
};

/// Whether the person has the roles for everything that the estate concerns.
Result<void> may_apply(const Person& person, const Estate& estate);

/// Makes the pool what the estate says, all of it or nothing. What it does not mention stays.
/// Refused when `expected` is given and the plan has another name by now. Waits; the caller has
/// asked for the roles. A dry run is for whoever may look at all settings.
Result<EstateOutcome> apply_estate(
    Changes& changes, const AdminCall& call, const Estate& wanted, std::string_view expected = {}
);

/// The whole pool as an estate. Waits.
Result<Estate> read_estate(Chat& chat);

}  // namespace pchat
