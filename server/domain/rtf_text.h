// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace pchat {

/// What a reader of the RTF document sees, as far as searching needs it: text and where it breaks.
/// Of what is no RTF, the text itself.
std::string rtf_text(std::string_view rtf);

}  // namespace pchat
