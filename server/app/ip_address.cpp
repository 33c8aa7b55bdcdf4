// SPDX-License-Identifier: Apache-2.0
#include "server/app/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

namespace pchat::app {

std::optional<IpAddress> parse_ip(std::string_view text) {
    const std::string copy{text};
    in_addr v4{};
    if (::inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
        constexpr in_addr_t loopback_network = 127;
        return IpAddress{ntohl(v4.s_addr) >> 24U == loopback_network};
    }
    in6_addr v6{};
    if (::inet_pton(AF_INET6, copy.c_str(), &v6) != 1)
        return std::nullopt;
    return IpAddress{IN6_IS_ADDR_LOOPBACK(&v6) != 0};
}

}  // namespace pchat::app
