// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

namespace pchat::topology {

/// The topology with the defaults filled in that depend on other values: domains, SQL ports and
/// drivers, where machines are reached. What was filled in still counts as absent. Secrets that
/// stand in place (OWN-03) are taken out, so that the result may be shown.
Topology effective(Topology topology);

}  // namespace pchat::topology
