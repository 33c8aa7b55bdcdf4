// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/picture.h"

#include <string_view>

namespace pchat::topology {

/// The style sheet of the SVG: light, dark where the reader's screen is, light again on paper.
/// Plain classes without variables, because not every renderer knows those. No meaning hangs on
/// colour alone: standby and missing things have dashed borders, edges have labels and dash
/// patterns.
extern const std::string_view svg_style;

// The classes that the style sheet knows.
std::string_view svg_class(BoxKind kind);
std::string_view svg_class(EdgeKind kind);
std::string_view svg_class(GroupKind kind);

/// Path data of a sign of 14 x 14, for those who see shapes faster than words.
std::string_view svg_icon(BoxKind kind);

}  // namespace pchat::topology
