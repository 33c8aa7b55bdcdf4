// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>

namespace pchat::app {

struct IpAddress {
    bool loopback = false;  // reachable from this machine alone
};

/// None for what is not an IPv4 or IPv6 address in its usual form; names are none.
std::optional<IpAddress> parse_ip(std::string_view text);

}  // namespace pchat::app
