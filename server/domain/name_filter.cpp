// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name_filter.h"

#include "base/unicode.h"

#include <algorithm>

namespace pchat {

NameFilter::NameFilter(std::string_view pattern) {
    const std::string folded = fold_case(pattern);
    std::string_view rest = folded;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('*'), rest.size());
        if (end > 0)
            parts_.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

bool NameFilter::fits(std::string_view text) const {
    if (parts_.empty())
        return true;
    const std::string folded = fold_case(text);
    std::size_t from = 0;
    for (const std::string& part : parts_) {
        const std::size_t found = folded.find(part, from);
        if (found == std::string::npos)
            return false;
        from = found + part.size();
    }
    return true;
}

}  // namespace pchat
