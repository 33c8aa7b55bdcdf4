// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace pchat::cli {

/// The difference of two texts in the form that diff -u prints and patch reads; "" for equal texts.
std::string unified_diff(
    std::string_view name, std::string_view before, std::string_view after, std::size_t context = 3
);

}  // namespace pchat::cli
