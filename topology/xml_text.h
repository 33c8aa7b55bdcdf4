// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace pchat::topology {

/// The text inside an element or a quoted attribute. What XML 1.0 cannot hold becomes U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace pchat::topology
