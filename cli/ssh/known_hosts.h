// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <string>
#include <string_view>

namespace pchat::cli {

/// Whether libssh would read all of a file of known hosts, which it does not tell: it stops in
/// silence at a line that is too long, and takes a file that it may not read for an empty one. Also
/// finds `key` (in base64) where it is marked as revoked, a mark that libssh skips. A file that is
/// not there is a good one.
Result<void> check_known_hosts(const std::string& file, std::string_view key);

/// Adds a line once, whoever else does so at the same time. The file and its directory are made,
/// for their owner alone.
Result<void> add_known_host(const std::string& file, std::string_view line);

}  // namespace pchat::cli
