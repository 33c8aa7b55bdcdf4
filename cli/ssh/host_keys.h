// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_link.h"

#include <string>
#include <string_view>

namespace pchat::cli {

/// Error::reason where a machine is not known to be the right one, however that came to be.
inline constexpr std::string_view host_key_reason = "host-key";

class SshSession;

/// The file that new keys are written to.
std::string known_hosts_file(const SshWish& wish);

/// Whether the machine has the key that is known of it; asks about one that nobody has seen yet,
/// and writes it down.
Result<void> check_host_key(SshSession& session, const SshWish& wish, const HostKeyAsker& asker);

}  // namespace pchat::cli
