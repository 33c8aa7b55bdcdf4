// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/ssh/sftp_wire.h"
#include "cli/ssh/ssh_session.h"

#include <cstdint>
#include <string>

namespace pchat::cli {

/// Why a file could not be written to `remote`, of which `missing` bytes had not arrived. SFTP has
/// one word for a full disk and for much else, so this looks at the machine again.
tl::unexpected<Error> explain_refusal(
    SshSession& session, const std::string& remote, const sftp::Reply& reply, std::uint64_t missing
);

}  // namespace pchat::cli
