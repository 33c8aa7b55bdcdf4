// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <string>
#include <string_view>

namespace pchat::cli {

// Both write beside the file and rename: whoever reads it finds the old or the new text, never half
// of one, also when the disk is full or the power fails. Ctrl-C waits until that is done, and
// nothing is left behind when it fails.

/// Puts `text` in the place of `expected`. Keeps mode and owner, follows symbolic links to the file
/// itself. Errc::conflict when the file does not hold `expected` any more.
Result<void> replace_file(
    const std::string& path, std::string_view expected, std::string_view text
);

/// Errc::conflict when there is anything at the path already.
Result<void> create_file(const std::string& path, std::string_view text);

}  // namespace pchat::cli
