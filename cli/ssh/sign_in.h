// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/ssh_link.h"

namespace pchat::cli {

class SshSession;

/// Proves who asks: with the keys of files that were named, then with those of the agent, then with
/// the usual files where none was named. Errc::denied names what was tried.
Result<void> sign_in(SshSession& session, const SshWish& wish);

}  // namespace pchat::cli
