// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <string>
#include <string_view>

namespace pchat::cli {

/// A tar archive (POSIX ustar) of a few small files, made in memory: it may hold secrets, which
/// touch no disk here. Everything in it belongs to root, only root reads it, and it bears no date,
/// so that the same files make the same archive.
class TarArchive {
public:
    /// `path` is relative; folders come by themselves. Errc::too_large for a path that the format
    /// has no room for.
    Result<void> add(std::string_view path, std::string_view content);
    /// With the end mark; nothing can be added afterwards.
    [[nodiscard]] std::string take() &&;

private:
    std::string bytes_;
};

}  // namespace pchat::cli
