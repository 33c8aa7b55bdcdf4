// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/search_postings.h"
#include "server/service/chat.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pchat {

/// Brings the search index up to what was committed: new messages, changed ones, and what was
/// cleared. One server of the pool does it at a time, by lease. What is read and how far a room
/// then is indexed go into one transaction, so that nothing is indexed twice or missed, whenever it
/// is killed. For one thread that may wait.
class SearchIndex {
public:
    explicit SearchIndex(Chat& chat) : chat_(chat) {}

    /// Until nothing is left to do or stop() is called. How many messages came in.
    Result<std::int64_t> catch_up();
    /// From any thread.
    void stop() { stopping_ = true; }

private:
    /// Where a word came or went; true: came.
    using Changed = std::vector<std::pair<Occurrence, bool>>;

    /// What one transaction does to the index.
    struct Batch {
        std::vector<SearchProgress> progress;
        std::vector<RoomId> finished;  // of rooms that no longer exist
        std::map<std::pair<RoomId, std::int64_t>, SearchEntry> erased;
        std::vector<SearchEntry> added;
        std::map<WordKey, Changed> occurrences;
        std::vector<SearchBlock> new_blocks;
        std::vector<SearchBlock> changed_blocks;
        std::vector<SearchBlock> emptied_blocks;

        void add(const Message& message);
        Result<void> erase(const SearchEntry& entry);
    };

    Result<bool> hold_lease();
    /// Nothing was committed since all was indexed.
    Result<bool> is_idle();
    Result<std::int64_t> work(std::int64_t most);
    Result<std::int64_t> clean_gone();
    static Result<void> read_room(ContentTransaction& tx, RoomId room, int limit, Batch& batch);
    static Result<void> read_changes(
        ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, Batch& batch
    );
    static Result<void> read_cleared(
        ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, Batch& batch
    );
    static Result<void> edit_blocks(ContentTransaction& tx, Batch& batch);
    static Result<void> edit_block(
        WordKey word, const SearchBlock* block, Changed& changes, Batch& batch
    );
    Result<void> write(const Batch& batch);

    Chat& chat_;
    std::atomic<bool> stopping_{false};
    std::optional<Lease> lease_;
    RoomId last_room_;
    std::int64_t log_seen_ = -1;  // sum of the servers' log numbers
    Microseconds looked_at_ = 0;
};

}  // namespace pchat
