// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a list is narrowed down to: texts that hold this, cases folded; `*` stands for anything
/// between two parts. Empty: everything fits.
class NameFilter {
public:
    explicit NameFilter(std::string_view pattern);

    [[nodiscard]] bool empty() const { return parts_.empty(); }
    [[nodiscard]] bool fits(std::string_view text) const;

private:
    std::vector<std::string> parts_;  // folded, none empty
};

}  // namespace pchat
