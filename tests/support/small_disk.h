// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/temp_dir.h"

#include <filesystem>

namespace pchat::test {

/// A file system of its own that is soon full. Only this process and those it starts later see it,
/// and it is gone with the last of them.
class SmallDisk {
public:
    explicit SmallDisk(int kibibytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    SmallDisk(SmallDisk&&) = delete;
    SmallDisk& operator=(SmallDisk&&) = delete;

    /// False where this user may not mount.
    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] const std::filesystem::path& path() const { return dir_.path(); }

    /// Writes until nothing fits any more; remove the file to make room.
    [[nodiscard]] std::filesystem::path fill() const;

private:
    TempDir dir_;
    bool mounted_;
};

}  // namespace pchat::test
