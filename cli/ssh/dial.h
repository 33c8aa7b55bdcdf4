// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_point.h"

#include <chrono>

namespace pchat::cli {

/// A TCP connection, the caller's to close. Its kernel gives up on a peer that acknowledges nothing
/// within about five seconds, whether something is being sent or not; left to itself it would try
/// for a quarter of an hour.
Result<int> dial(const SshPoint& point, std::chrono::milliseconds patience);

/// No single write waits longer; libssh writes to sockets that block.
void limit_writes(int socket);

}  // namespace pchat::cli
