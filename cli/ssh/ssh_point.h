// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::cli {

/// Whom to ask for on which machine.
struct SshPoint {
    std::string user;
    std::string host;  // a name or an address, without brackets
    std::uint16_t port = 22;

    /// "node1.example:22", "[fd00::1]:2222": for messages.
    [[nodiscard]] std::string place() const;
};

/// Reads `[user@]host[:port]`; an IPv6 address with a port stands in brackets. `user` is who is
/// meant where none is named.
Result<SshPoint> parse_ssh_point(std::string_view text, std::string_view user);

/// Whether SSH can be asked for it: names that look like an option or hold blanks never get there.
Result<void> check_ssh_point(const SshPoint& point);

}  // namespace pchat::cli
