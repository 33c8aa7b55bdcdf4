// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/entry.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace pchat::ldap {

const Attribute* Entry::find(std::string_view name) const {
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& one) {
            return equal_ignoring_case(one.name, name);
        });
    return found == attributes.end() ? nullptr : &*found;
}

std::string Entry::first(std::string_view name) const {
    const Attribute* found = find(name);
    if (found == nullptr || found->values.empty())
        return {};
    return *std::min_element(found->values.begin(), found->values.end());
}

bool read_range(std::string_view written, ValueRange& out) {
    constexpr std::string_view option = ";range=";
    const std::string lower = lower_ascii(written);
    const std::size_t at = lower.find(option);
    if (at == std::string::npos)
        return false;
    const std::string_view numbers = std::string_view{lower}.substr(at + option.size());
    const std::size_t dash = numbers.find('-');
    if (dash == std::string_view::npos || dash == 0)
        return false;
    const std::string_view end = numbers.substr(dash + 1);
    out.name = lower.substr(0, at);
    out.complete = end == "*";
    if (out.complete)
        return true;
    const auto [stopped, problem] = std::from_chars(end.data(), end.data() + end.size(), out.last);
    return problem == std::errc{} && stopped == end.data() + end.size();
}

std::string next_range(const ValueRange& range) {
    return fmt::format("{};range={}-*", range.name, range.last + 1);
}

}  // namespace pchat::ldap
