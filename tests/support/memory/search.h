// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/search_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemorySearchStore : public SearchStore {
public:
    explicit MemorySearchStore(MemoryState& state) : state_(state) {}

    Result<std::vector<SearchGap>> behind(RoomId after, std::int64_t most, int limit) override;
    Result<std::vector<SearchGap>> behind(std::span<const RoomId> rooms) override;
    Result<std::vector<RoomId>> gone(int limit) override;
    Result<std::optional<SearchProgress>> progress(RoomId room) override;
    Result<void> insert_progress(std::span<const SearchProgress> rooms) override;
    Result<void> update_progress(std::span<const SearchProgress> rooms) override;
    Result<void> forget(RoomId room) override;
    Result<std::optional<SearchBlock>> block(WordKey word, Microseconds at) override;
    Result<std::vector<SearchBlock>> blocks(std::span<const BlockReference> wanted) override;
    Result<void> insert_blocks(std::span<const SearchBlock> blocks) override;
    Result<void> update_blocks(std::span<const SearchBlock> blocks) override;
    Result<void> erase_block(WordKey word, Microseconds from_at) override;
    Result<std::optional<SearchEntry>> entry(RoomId room, std::int64_t seq) override;
    Result<std::vector<SearchEntry>> entries_below(RoomId room, std::int64_t seq, int limit)
        override;
    Result<void> insert_entries(std::span<const SearchEntry> entries) override;
    Result<void> erase_entry(RoomId room, std::int64_t seq) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
