// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace pchat {

/// "0.1.0": of both programs.
std::string_view version();

}  // namespace pchat
