// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace pchat::cli {

// Small files that programs keep for themselves: tokens, passwords, keys.

/// The whole text without a line end; nothing when there is no such file.
Result<std::optional<Secret>> read_secret_file(const std::string& path);

/// Beside it and renamed, so that readers find the old text or the new one. The mode is in force
/// before the first byte.
Result<void> write_secret_file(const std::string& path, std::string_view text, mode_t mode);

/// 256 random bits in hexadecimal digits.
Result<Secret> random_secret();

}  // namespace pchat::cli
