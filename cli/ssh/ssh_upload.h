// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/machine_link.h"
#include "cli/ssh/ssh_session.h"

#include <string>

namespace pchat::cli {

/// Copies a local file over SFTP, for its owner alone, and onto the disk where the machine lets us
/// ask for that. Many blocks are under way at once. What was begun is removed when it fails, unless
/// the link is gone.
Result<void> upload_file(
    SshSession& session, const std::string& local, const std::string& remote, const UploadSeen& seen
);

}  // namespace pchat::cli
