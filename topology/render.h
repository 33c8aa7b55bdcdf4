// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

#include <string>

namespace pchat::topology {

/// Pictures of a topology as text; pure, no external program.
std::string render_svg(const Topology& topology);
std::string render_dot(const Topology& topology);
std::string render_mermaid(const Topology& topology);

}  // namespace pchat::topology
