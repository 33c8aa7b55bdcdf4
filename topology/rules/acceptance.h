// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/report.h"

#include <vector>

namespace pchat::topology {

/// Marks the warnings that the document accepts and adds what is wrong with its acceptances
/// (OWN-05, OWN-06). Comes after all other rules: it needs their findings.
void apply_acceptances(const Spec& spec, Report& report, std::vector<Diagnostic>& found);

}  // namespace pchat::topology
