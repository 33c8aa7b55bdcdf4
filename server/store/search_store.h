// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/room.h"
#include "server/domain/search_postings.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pchat {

/// Occurrences of a word from a moment up to that of its next block, packed; the first block of a
/// word may have any older ones.
struct SearchBlock {
    WordKey word = 0;
    Microseconds from_at = 0;
    std::string occurrences;
};

struct BlockReference {
    WordKey word = 0;
    Microseconds at = 0;
};

/// A message that is in the index, with its keys, packed.
struct SearchEntry {
    RoomId room;
    std::int64_t seq = 0;
    Microseconds at = 0;
    std::string words;
};

/// How far a room is indexed: fields of its RoomHead as they were.
struct SearchProgress {
    RoomId room;
    std::int64_t seq = 0;
    std::int64_t rev = 0;
    std::int64_t first_seq = 1;
};

/// A room of which the index does not know everything.
struct SearchGap {
    RoomHead head;
    std::optional<SearchProgress> known;  // nothing: the room is not in the index
};

/// The search index. It keeps what `domain` makes, and knows nothing of texts. One writer at a
/// time.
class SearchStore {
public:
    virtual ~SearchStore() = default;

    /// Rooms after that one, in the order of their ids, of which the index lacks something, and
    /// `most` messages at most.
    virtual Result<std::vector<SearchGap>> behind(RoomId after, std::int64_t most, int limit) = 0;
    /// The same of these rooms, whatever it lacks; in any order, each once.
    virtual Result<std::vector<SearchGap>> behind(std::span<const RoomId> rooms) = 0;
    /// Rooms that are in the index and no longer exist.
    virtual Result<std::vector<RoomId>> gone(int limit) = 0;
    virtual Result<std::optional<SearchProgress>> progress(RoomId room) = 0;
    /// Of rooms that are not in the index yet; of rooms that are.
    virtual Result<void> insert_progress(std::span<const SearchProgress> rooms) = 0;
    virtual Result<void> update_progress(std::span<const SearchProgress> rooms) = 0;
    virtual Result<void> forget(RoomId room) = 0;

    /// The block of the word that covers the moment.
    virtual Result<std::optional<SearchBlock>> block(WordKey word, Microseconds at) = 0;
    /// The same of many; those that there are, in any order, each once or more.
    virtual Result<std::vector<SearchBlock>> blocks(std::span<const BlockReference> wanted) = 0;
    virtual Result<void> insert_blocks(std::span<const SearchBlock> blocks) = 0;
    /// `conflict` when one of them is not there. Each once.
    virtual Result<void> update_blocks(std::span<const SearchBlock> blocks) = 0;
    virtual Result<void> erase_block(WordKey word, Microseconds from_at) = 0;

    virtual Result<std::optional<SearchEntry>> entry(RoomId room, std::int64_t seq) = 0;
    /// The first of a room with a lower number; rising.
    virtual Result<std::vector<SearchEntry>> entries_below(
        RoomId room, std::int64_t seq, int limit
    ) = 0;
    virtual Result<void> insert_entries(std::span<const SearchEntry> entries) = 0;
    virtual Result<void> erase_entry(RoomId room, std::int64_t seq) = 0;
};

}  // namespace pchat
