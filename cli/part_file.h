// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/file_write.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>

namespace pchat::cli {

enum class Replace : std::uint8_t { no, yes };

/// A large file on its way: written as `FILE.part`, open to its owner only, and gone with this
/// object unless keep() gave it its name.
class PartFile {
public:
    /// Errc::conflict when FILE exists already, or somebody else is writing it.
    static Result<PartFile> create(const std::string& file, Replace replace);
    ~PartFile();
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// Where to write.
    [[nodiscard]] const std::string& path() const { return path_; }
    Result<void> write(std::string_view text);
    /// After the last write.
    Result<void> give_to(const FileOwner& owner);
    /// On the disk, not only in memory.
    Result<void> sync();
    /// On the disk, and under its name.
    Result<void> keep();

private:
    PartFile(std::string file, int descriptor, Replace replace);

    std::string file_;
    std::string path_;
    int descriptor_;
    Replace replace_;
};

/// Size and SHA-256 of a file.
struct Digest {
    std::string sha256;
    std::int64_t bytes = 0;
};

/// `into` is given each portion as it is read: a copy is made of the very bytes that were judged.
Result<Digest> digest_file(
    const std::string& file, const std::function<Result<void>(std::string_view)>& into = {}
);

}  // namespace pchat::cli
