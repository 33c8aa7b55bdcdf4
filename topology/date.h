// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::topology {

/// A calendar day; rules take today's as a parameter.
struct Date {
    int year = 1970;
    int month = 1;
    int day = 1;
    auto operator<=>(const Date&) const = default;
};

/// "2027-06-30" of a day that exists, else nothing.
std::optional<Date> parse_date(std::string_view text);
std::string to_string(const Date& date);

}  // namespace pchat::topology
