// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace pchat {

/// Whom a limit on addresses counts as one: an IPv4 address, also in its IPv6 form, or the /64 of
/// an IPv6 address, whose lower half everybody may choose. What is no address stays as it is.
std::string address_block(std::string_view address);

}  // namespace pchat
