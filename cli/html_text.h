// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace pchat::cli {

/// As text of a page or a value of an attribute in double quotes.
std::string html_text(std::string_view text);

}  // namespace pchat::cli
