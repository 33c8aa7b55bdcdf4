// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> damaged(std::string_view what) {
    return fail(
        Errc::internal,
        fmt::format("{} of the search index is damaged", what),
        "empty search_block, search_entry and search_progress: the index is made anew"
    );
}

/// The list of a block after the changes; ascending, each once.
void apply(std::vector<Occurrence>& list, const std::vector<std::pair<Occurrence, bool>>& changes) {
    for (const auto& [place, added] : changes) {
        const auto at = std::lower_bound(list.begin(), list.end(), place);
        const bool there = at != list.end() && *at == place;
        if (added && !there)
            list.insert(at, place);
        else if (!added && there)
            list.erase(at);
    }
}

}  // namespace

void SearchBatch::add(const Message& message) {
    const Occurrence place{message.at, message.room, message.seq};
    std::vector<WordKey> keys = word_keys(searchable_text(message));
    keys.push_back(room_key(message.room));
    keys.push_back(sender_key(message.sender));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const WordKey key : keys)
        occurrences_[key].emplace_back(place, true);
    added_.push_back({message.room, message.seq, message.at, pack_keys(keys)});
}

Result<void> SearchBatch::erase(const SearchEntry& entry) {
    if (!erased_.emplace(std::pair{entry.room, entry.seq}, entry).second)
        return {};
    const auto keys = unpack_keys(entry.words);
    if (!keys)
        return damaged(fmt::format("entry {} of room {}", entry.seq, entry.room.value));
    for (const WordKey key : *keys)
        occurrences_[key].emplace_back(Occurrence{entry.at, entry.room, entry.seq}, false);
    return {};
}

// From the latest occurrence of a word to the oldest: each belongs to the block that covers it, and
// so do those before it that are not older than the block's begin. One block of each word a round.
Result<void> SearchBatch::edit_blocks(SearchStore& search) {
    std::vector<BlockReference> wanted;
    for (auto& [word, changes] : occurrences_) {
        // Of one place, what is erased comes first.
        std::stable_sort(changes.begin(), changes.end());
        wanted.push_back({word, changes.back().first.at});
    }
    while (!wanted.empty()) {
        auto found = search.blocks(wanted);
        if (!found)
            return pass(std::move(found).error());
        std::unordered_map<WordKey, SearchBlock> blocks;
        for (SearchBlock& block : *found)
            blocks.insert_or_assign(block.word, std::move(block));
        std::vector<BlockReference> older;
        for (const BlockReference& one : wanted) {
            auto& changes = occurrences_[one.word];
            const auto block = blocks.find(one.word);
            if (Result<void> done =
                    edit_block(one.word, block == blocks.end() ? nullptr : &block->second, changes);
                !done)
                return done;
            if (!changes.empty())
                older.push_back({one.word, changes.back().first.at});
        }
        wanted = std::move(older);
    }
    return {};
}

Result<void> SearchBatch::edit_block(WordKey word, const SearchBlock* block, Changed& changes) {
    const Microseconds from_at = block != nullptr ? block->from_at : 0;
    const auto first = std::partition_point(changes.begin(), changes.end(), [&](const auto& one) {
        return one.first.at < from_at;
    });
    auto list = unpack_occurrences(block != nullptr ? block->occurrences : std::string{});
    if (!list)
        return damaged(fmt::format("block {} of word {}", from_at, word));
    apply(*list, {first, changes.end()});
    changes.erase(first, changes.end());
    const auto parts = cut_in_blocks(std::move(*list));
    if (parts.empty()) {
        if (block != nullptr)
            emptied_blocks_.push_back(*block);
        return {};
    }
    (block != nullptr ? changed_blocks_ : new_blocks_)
        .push_back({word, from_at, pack_occurrences(parts.front())});
    for (std::size_t i = 1; i < parts.size(); ++i)
        new_blocks_.push_back({word, parts[i].front().at, pack_occurrences(parts[i])});
    return {};
}

bool SearchBatch::empty() const {
    return progress.empty() && new_progress.empty() && finished.empty() && added_.empty() &&
           erased_.empty();
}

Result<void> SearchBatch::write(SearchStore& search) const {
    for (const auto& [place, entry] : erased_)
        if (Result<void> done = search.erase_entry(entry.room, entry.seq); !done)
            return done;
    for (const SearchBlock& block : emptied_blocks_)
        if (Result<void> done = search.erase_block(block.word, block.from_at); !done)
            return done;
    if (Result<void> done = search.update_blocks(changed_blocks_); !done)
        return done;
    if (Result<void> done = search.insert_blocks(new_blocks_); !done)
        return done;
    if (Result<void> done = search.insert_entries(added_); !done)
        return done;
    if (Result<void> done = search.update_progress(progress); !done)
        return done;
    if (Result<void> done = search.insert_progress(new_progress); !done)
        return done;
    for (const RoomId room : finished)
        if (Result<void> done = search.forget(room); !done)
            return done;
    return {};
}

}  // namespace pchat
