// SPDX-License-Identifier: Apache-2.0
#include "base/config/scalar.h"

#include "base/unicode.h"

#include <algorithm>
#include <set>
#include <string>

namespace pchat::config {

bool is_boolean_word(std::string_view text) {
    static const std::set<std::string, std::less<>> words{
        "true", "false", "yes", "no", "on", "off", "y", "n"};
    return words.contains(lower_ascii(text));
}

bool looks_like_number(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    if (text.empty())
        return false;
    const std::string low = lower_ascii(text);
    if (low == ".inf" || low == ".nan")
        return true;
    if (low.starts_with("0x") || low.starts_with("0o") || low.starts_with("0b"))
        return low.size() > 2 && low.find_first_not_of("0123456789abcdef_", 2) == std::string::npos;
    const bool numeric = low.find_first_not_of("0123456789._e+-:") == std::string::npos;
    // 10:30 is a number to YAML 1.1 readers; 10.0.0.1 is none to anybody.
    return numeric && low.front() >= '0' && low.front() <= '9' &&
           std::count(low.begin(), low.end(), '.') <= 1 &&
           low.find_first_of("0123456789") != std::string::npos &&
           low.find('-', 1) == std::string::npos;
}

bool is_plain_integer(std::string_view text) {
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
           (text.size() == 1 || text.front() != '0');
}

}  // namespace pchat::config
