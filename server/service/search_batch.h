// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/message.h"
#include "server/domain/search_postings.h"
#include "server/store/content_database.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace pchat {

/// What one transaction does to the search index: first what comes and goes, then the blocks that
/// this changes, then all of it is written.
class SearchBatch {
public:
    void add(const Message& message);
    Result<void> erase(const SearchEntry& entry);
    /// Reads the blocks of the words that came and went, and makes them as they will be.
    Result<void> edit_blocks(SearchStore& search);
    Result<void> write(SearchStore& search) const;
    [[nodiscard]] bool empty() const;
    /// Messages that come and that go.
    [[nodiscard]] std::size_t added() const { return added_.size(); }
    [[nodiscard]] std::size_t erased() const { return erased_.size(); }

    std::vector<SearchProgress> progress;
    std::vector<SearchProgress> new_progress;
    std::vector<RoomId> finished;  // of rooms that no longer exist

private:
    /// Where a word came or went; true: came.
    using Changed = std::vector<std::pair<Occurrence, bool>>;

    /// Takes the changes that the block covers; null: the word has none there yet.
    Result<void> edit_block(WordKey word, const SearchBlock* block, Changed& changes);

    std::map<std::pair<RoomId, std::int64_t>, SearchEntry> erased_;
    std::vector<SearchEntry> added_;
    std::map<WordKey, Changed> occurrences_;
    std::vector<SearchBlock> new_blocks_;
    std::vector<SearchBlock> changed_blocks_;
    std::vector<SearchBlock> emptied_blocks_;
};

}  // namespace pchat
