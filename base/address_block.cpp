// SPDX-License-Identifier: Apache-2.0
#include "base/address_block.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace pchat {

std::string address_block(std::string_view address) {
    const std::string copy{address.substr(0, address.find('%'))};  // without its interface
    in6_addr v6{};
    if (::inet_pton(AF_INET6, copy.c_str(), &v6) != 1)
        return copy;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        ::inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
        return text.data();
    }
    std::fill(std::begin(v6.s6_addr) + 8, std::end(v6.s6_addr), std::uint8_t{0});
    ::inet_ntop(AF_INET6, &v6, text.data(), text.size());
    return std::string{text.data()} + "/64";
}

}  // namespace pchat
