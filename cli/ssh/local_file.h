// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace pchat::cli {

/// A file here that is read block by block; as large as it was when it was opened.
class LocalFile {
public:
    static Result<LocalFile> open(const std::string& path);
    ~LocalFile();
    LocalFile(const LocalFile&) = delete;
    LocalFile& operator=(const LocalFile&) = delete;
    LocalFile(LocalFile&& other) noexcept;
    LocalFile& operator=(LocalFile&&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// All of that block, or a failure.
    [[nodiscard]] Result<void> read(std::uint64_t offset, char* into, std::size_t size) const;

private:
    explicit LocalFile(const std::string& path);

    std::string path_;
    int number_;
    std::uint64_t size_ = 0;
};

}  // namespace pchat::cli
