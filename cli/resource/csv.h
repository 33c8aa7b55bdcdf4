// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

struct CsvRow {
    std::size_t line = 0;  // on which it begins; the first is 1
    std::vector<std::string> cells;
};

/// RFC 4180: cells between commas, with commas, quotes and line ends inside "quotes". Empty lines
/// are none. `name` is what errors call the text.
Result<std::vector<CsvRow>> read_csv(const std::string& name, std::string_view text);

}  // namespace pchat::cli
