// SPDX-License-Identifier: Apache-2.0
#include "server/bus/bus.h"

namespace pchat::bus {

bool is_subject(std::string_view text) {
    constexpr std::size_t longest = 255;
    if (text.empty() || text.size() > longest || text.front() == '.' || text.back() == '.')
        return false;
    char before = '\0';
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '*' || c == '>' || (c == '.' && before == '.'))
            return false;
        before = c;
    }
    return true;
}

}  // namespace pchat::bus
