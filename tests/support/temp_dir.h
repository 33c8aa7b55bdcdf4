// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>

namespace pchat::test {

/// A fresh directory below the system's temporary one, removed with all it holds at the end.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    TempDir(TempDir&&) = delete;
    TempDir& operator=(TempDir&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Writes a file below the directory, parents included, and gives its path.
    std::filesystem::path write(const std::filesystem::path& name, const std::string& text) const;

private:
    std::filesystem::path path_;
};

/// The bytes of a file; throws where it cannot be read, which fails the test.
std::string read_file(const std::filesystem::path& path);

}  // namespace pchat::test
