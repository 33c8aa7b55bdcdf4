// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/search.h"

#include <algorithm>
#include <limits>

namespace pchat::test {

Result<std::vector<SearchGap>> MemorySearchStore::behind(
    RoomId after, std::int64_t most, int limit
) {
    std::vector<SearchGap> out;
    for (const auto& [room, head] : state_.heads) {
        const auto known = state_.search_progress.find(room);
        const bool begun = known != state_.search_progress.end();
        const SearchProgress progress = begun ? known->second : SearchProgress{room};
        const bool lacks = begun ? progress.seq < head.last_seq || progress.rev < head.rev ||
                                       progress.first_seq < head.first_seq
                                 : head.last_seq > 0;
        if (room > after && lacks && head.last_seq - progress.seq <= most &&
            out.size() < static_cast<std::size_t>(limit))
            out.push_back({head, begun ? std::optional{progress} : std::nullopt});
    }
    return out;
}

Result<std::vector<SearchGap>> MemorySearchStore::behind(std::span<const RoomId> rooms) {
    std::vector<SearchGap> out;
    const auto all = behind({}, std::numeric_limits<std::int64_t>::max(), 1'000'000);
    for (const SearchGap& gap : *all)
        if (std::find(rooms.begin(), rooms.end(), gap.head.room) != rooms.end())
            out.push_back(gap);
    return out;
}

Result<std::vector<RoomId>> MemorySearchStore::gone(int limit) {
    std::vector<RoomId> out;
    for (const auto& [room, progress] : state_.search_progress)
        if (!state_.heads.contains(room) && out.size() < static_cast<std::size_t>(limit))
            out.push_back(room);
    return out;
}

Result<std::optional<SearchProgress>> MemorySearchStore::progress(RoomId room) {
    return value_of(state_.search_progress, [&](const SearchProgress& one) {
        return one.room == room;
    });
}

Result<void> MemorySearchStore::insert_progress(std::span<const SearchProgress> rooms) {
    for (const SearchProgress& one : rooms)
        if (!state_.search_progress.emplace(one.room, one).second)
            return refuse(state_, "that room is in the index");
    return {};
}

Result<void> MemorySearchStore::update_progress(std::span<const SearchProgress> rooms) {
    for (const SearchProgress& one : rooms) {
        const auto there = state_.search_progress.find(one.room);
        if (there == state_.search_progress.end())
            return fail(Errc::conflict, "that room is not in the index");
        there->second = one;
    }
    return {};
}

Result<void> MemorySearchStore::forget(RoomId room) {
    state_.search_progress.erase(room);
    return {};
}

Result<std::optional<SearchBlock>> MemorySearchStore::block(WordKey word, Microseconds at) {
    auto next = state_.search_blocks.upper_bound({word, at});
    if (next == state_.search_blocks.begin() || (--next)->first.first != word)
        return std::nullopt;
    return next->second;
}

Result<void> MemorySearchStore::insert_blocks(std::span<const SearchBlock> blocks) {
    for (const SearchBlock& one : blocks)
        if (!state_.search_blocks.emplace(std::pair{one.word, one.from_at}, one).second)
            return refuse(state_, "that block is there");
    return {};
}

Result<std::vector<SearchBlock>> MemorySearchStore::blocks(std::span<const BlockReference> wanted) {
    std::vector<SearchBlock> out;
    for (const BlockReference& one : wanted)
        if (auto found = *block(one.word, one.at))
            out.push_back(std::move(*found));
    return out;
}

Result<void> MemorySearchStore::update_blocks(std::span<const SearchBlock> blocks) {
    for (const SearchBlock& one : blocks) {
        const auto there = state_.search_blocks.find({one.word, one.from_at});
        if (there == state_.search_blocks.end())
            return fail(Errc::conflict, "there is no such block");
        there->second = one;
    }
    return {};
}

Result<void> MemorySearchStore::erase_block(WordKey word, Microseconds from_at) {
    state_.search_blocks.erase({word, from_at});
    return {};
}

Result<std::optional<SearchEntry>> MemorySearchStore::entry(RoomId room, std::int64_t seq) {
    const auto there = state_.search_entries.find({room, seq});
    if (there == state_.search_entries.end())
        return std::nullopt;
    return there->second;
}

Result<std::vector<SearchEntry>> MemorySearchStore::entries_below(
    RoomId room, std::int64_t seq, int limit
) {
    return values_of(
        state_.search_entries,
        [&](const SearchEntry& one) { return one.room == room && one.seq < seq; },
        static_cast<std::size_t>(limit)
    );
}

Result<void> MemorySearchStore::insert_entries(std::span<const SearchEntry> entries) {
    for (const SearchEntry& one : entries)
        if (!state_.search_entries.emplace(std::pair{one.room, one.seq}, one).second)
            return refuse(state_, "that message is in the index");
    return {};
}

Result<void> MemorySearchStore::erase_entry(RoomId room, std::int64_t seq) {
    state_.search_entries.erase({room, seq});
    return {};
}

}  // namespace pchat::test
