// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/machine_link.h"
#include "cli/ssh/ssh_session.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// One word for any POSIX shell, whatever is in it.
std::string shell_word(std::string_view text);

/// The command line that a machine's shell turns into `sh -c script pchat-node words...`, as root.
/// Errc::too_large when no Linux would take it.
Result<std::string> root_command(
    const std::string& user, const std::string& script, const std::vector<std::string>& words
);

/// Runs a command line, feeds it `input` and gathers what it says, all at the same time. At most 4
/// MiB of each stream, Errc::too_large beyond. After `limit`, or any failure, it is left behind.
Result<Ran> run_command(
    SshSession& session,
    const std::string& command,
    std::string_view input,
    std::chrono::milliseconds limit
);

}  // namespace pchat::cli
