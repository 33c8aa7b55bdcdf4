// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/machine_link.h"
#include "cli/ssh/ssh_session.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// One word for any POSIX shell, whatever is in it.
std::string shell_word(std::string_view text);

/// How root gets to run something.
enum class RootBy : std::uint8_t {
    sign_in,  // root is who signed in
    sudo,
    sudo_with_terminal,  // one that runs nothing for whoever has no terminal (requiretty)
};

struct RootCommand {
    std::string line;   // for any shell of the machine
    std::string input;  // what is fed to it, the script first
};

/// Has a machine run `script` as root, with "pchat-node" and `words` for its arguments. sudo writes
/// each line into the log of the machine, so the script is not part of it. Errc::too_large when no
/// Linux would take the line.
Result<RootCommand> root_command(
    RootBy by,
    const std::string& script,
    const std::vector<std::string>& words,
    std::string_view input
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
