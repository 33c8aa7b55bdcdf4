// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace pchat {

/// RFC 3339 in UTC with six digits of a second: "2026-11-21T08:05:50.000000Z". Times outside the
/// years 0000 to 9999 are written as the nearest that can be.
std::string time_text(Microseconds at);
void append_time(std::string& out, Microseconds at);

/// Any RFC 3339 time: with an offset, with any number of digits of a second (what is beyond the
/// sixth is cut off). None for what is not one, a leap second included, and for years outside 0000
/// to 9999.
std::optional<Microseconds> parse_time(std::string_view text);

}  // namespace pchat
