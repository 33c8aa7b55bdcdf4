// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// What has become of one item of a file.
enum class ItemState : std::uint8_t {
    untouched,
    asked,  // sent; whether the server did it was not heard
    made,
    existed,
    failed,
};

/// A file that remembers what became of each item of another one, so that a command that was
/// interrupted goes on. It is kept up to the kill of this process; after a power cut the server
/// says itself what exists. For one thread, and one process: the others are refused.
class BulkJournal {
public:
    /// What it is about: another file, or another server, is none of its business.
    struct Subject {
        std::string command;  // "room create"
        std::string server;
        std::string sha256;  // of the file with the items
        std::size_t items = 0;
    };

    /// Begins one, or reads on. `conflict` when it is of another subject, or in use; whatever else
    /// lies at the path stays as it is.
    static Result<BulkJournal> open(const std::string& path, const Subject& subject);
    ~BulkJournal();
    BulkJournal(BulkJournal&& other) noexcept;
    BulkJournal& operator=(BulkJournal&&) = delete;
    BulkJournal(const BulkJournal&) = delete;
    BulkJournal& operator=(const BulkJournal&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] ItemState state(std::size_t item) const { return states_.at(item); }
    Result<void> put(std::size_t item, ItemState state);
    /// Everything was seen to: nothing is left to remember.
    Result<void> remove();

private:
    BulkJournal(std::string path, int descriptor, std::size_t items)
        : path_(std::move(path)), descriptor_(descriptor), states_(items) {}
    [[nodiscard]] Result<void> lock() const;
    Result<void> begin_or_read(const Subject& subject);
    bool take_line(std::string_view line);
    Result<void> append(std::string_view text);
    [[nodiscard]] Error trouble(std::string_view doing) const;

    std::string path_;
    int descriptor_;
    std::vector<ItemState> states_;
};

}  // namespace pchat::cli
