// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace pchat {
namespace {

constexpr Microseconds second = 1'000'000;
// Short, since a server that was killed keeps its lease that long; who is late is kept out by its
// token.
constexpr Microseconds lease_lifetime = 5 * second;
constexpr Microseconds look_again = 60 * second;  // whatever the servers' numbers say
constexpr std::size_t batch_messages = 512;       // about, in one transaction
constexpr int room_messages = 256;                // of one room
constexpr int batch_rooms = 256;
// Rooms that lack no more than this come first, so that a room with years to go keeps nobody
// waiting.
constexpr std::int64_t a_little = 1'000;
constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

bool is_found(const Message& message) {
    return !message.transit && message.change != MessageChange::removed;
}

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

void SearchIndex::Batch::add(const Message& message) {
    const Occurrence place{message.at, message.room, message.seq};
    std::vector<WordKey> keys = word_keys(searchable_text(message));
    keys.push_back(room_key(message.room));
    keys.push_back(sender_key(message.sender));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const WordKey key : keys)
        occurrences[key].emplace_back(place, true);
    added.push_back({message.room, message.seq, message.at, pack_keys(keys)});
}

Result<void> SearchIndex::Batch::erase(const SearchEntry& entry) {
    if (!erased.emplace(std::pair{entry.room, entry.seq}, entry).second)
        return {};
    const auto keys = unpack_keys(entry.words);
    if (!keys)
        return damaged(fmt::format("entry {} of room {}", entry.seq, entry.room.value));
    for (const WordKey key : *keys)
        occurrences[key].emplace_back(Occurrence{entry.at, entry.room, entry.seq}, false);
    return {};
}

Result<bool> SearchIndex::hold_lease() {
    const ServerFacts& facts = chat_.facts();
    const std::int64_t before = lease_ ? lease_->fencing_token : 0;
    std::optional<Lease> held;
    Result<void> done =
        chat_.content().write("taking turns at indexing", [&](ContentTransaction& tx) {
            Lease wanted = lease_.value_or(Lease{});
            wanted.name = "search";
            wanted.owner = facts.life.server;
            wanted.owner_name = facts.fqdn;
            auto taken = tx.registry().acquire(wanted, lease_lifetime);
            if (!taken)
                return Result<void>{pass(std::move(taken).error())};
            held = std::move(*taken);
            return Result<void>{};
        });
    if (!done)
        return pass(std::move(done).error());
    lease_ = std::move(held);
    if (lease_ && lease_->fencing_token != before)
        log_seen_ = -1;
    return lease_.has_value();
}

Result<bool> SearchIndex::is_idle() {
    std::int64_t sum = 0;
    Microseconds now = 0;
    Result<void> read = chat_.content().read("looking for work", [&](ContentTransaction& tx) {
        const auto servers = tx.registry().list();
        if (!servers)
            return Result<void>{pass(servers.error())};
        sum = 0;
        for (const Server& server : *servers)
            sum += server.log_n + server.epoch;
        now = chat_.clock().now();
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    if (sum == log_seen_ && now - looked_at_ < look_again)
        return true;
    log_seen_ = sum;
    looked_at_ = now;
    return false;
}

Result<std::int64_t> SearchIndex::catch_up() {
    const Result<bool> idle = is_idle();
    if (!idle)
        return pass(idle.error());
    if (*idle)
        return 0;
    std::int64_t count = 0;
    const auto give_up = [&](Error error) -> Result<std::int64_t> {
        log_seen_ = -1;
        return pass(std::move(error));
    };
    const Result<bool> ours = hold_lease();
    if (!ours)
        return give_up(ours.error());
    if (!*ours) {
        log_seen_ = -1;  // so that we are there when its holder is not
        return 0;
    }
    bool more = true;
    while (more && !stopping_) {
        more = false;
        for (const std::int64_t most : {a_little, any_number}) {
            last_room_ = {};
            // All rooms that lack a little, then one portion of the others.
            do {
                const Result<std::int64_t> done = work(most);
                if (!done)
                    return give_up(done.error());
                count += std::max<std::int64_t>(*done, 0);
                more = more || *done >= 0;
                if (*done < 0)
                    break;
            } while (most == a_little && !stopping_);
        }
    }
    const Result<std::int64_t> cleaned = clean_gone();
    if (!cleaned)
        return give_up(cleaned.error());
    if (stopping_)
        log_seen_ = -1;
    return count;
}

/// How many messages came in; -1: there was nothing to do.
Result<std::int64_t> SearchIndex::work(std::int64_t most) {
    Batch batch;
    bool none = true;
    Result<void> read = chat_.content().read(
        "reading what is to be indexed",
        [&](ContentTransaction& tx) -> Result<void> {
            batch = {};
            const auto rooms = tx.search().behind(last_room_, most, batch_rooms);
            if (!rooms)
                return pass(rooms.error());
            none = rooms->empty();
            for (const RoomId room : *rooms) {
                if (Result<void> one = read_room(tx, room, room_messages, batch); !one)
                    return one;
                last_room_ = room;
                if (batch.added.size() + batch.erased.size() >= batch_messages)
                    break;
            }
            return edit_blocks(tx, batch);
        }
    );
    if (!read)
        return pass(std::move(read).error());
    if (none)
        return -1;
    if (Result<void> written = write(batch); !written)
        return pass(std::move(written).error());
    return static_cast<std::int64_t>(batch.added.size());
}

// Changes are read before the messages behind them: a message that is changed in between is
// indexed with its new text and looked at again, never kept with its old one.
Result<void> SearchIndex::read_room(ContentTransaction& tx, RoomId room, int limit, Batch& batch) {
    const auto head = tx.messages().head(room);
    if (!head)
        return pass(head.error());
    const auto known = tx.search().progress(room);
    if (!known)
        return pass(known.error());
    if (!*head)
        return {};  // removed meanwhile
    SearchProgress progress = *known ? **known : SearchProgress{room, 0, (*head)->rev, 1};
    if (Result<void> cleared = read_cleared(tx, **head, progress, batch); !cleared)
        return cleared;
    if (Result<void> changed = read_changes(tx, **head, progress, batch); !changed)
        return changed;
    const std::int64_t from = std::max(progress.seq, (*head)->first_seq - 1);
    const auto messages = tx.messages().after(room, from, limit);
    if (!messages)
        return pass(messages.error());
    for (const Message& message : *messages)
        if (is_found(message))
            batch.add(message);
    const bool all = static_cast<int>(messages->size()) < limit;
    progress.seq = std::max(from, messages->empty() ? 0 : messages->back().seq);
    if (all)
        progress.seq = std::max(progress.seq, (*head)->last_seq);
    batch.progress.push_back(progress);
    return {};
}

Result<void> SearchIndex::read_cleared(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, Batch& batch
) {
    if (progress.first_seq >= head.first_seq)
        return {};
    const auto entries = tx.search().entries_below(head.room, head.first_seq, room_messages);
    if (!entries)
        return pass(entries.error());
    for (const SearchEntry& entry : *entries)
        if (Result<void> erased = batch.erase(entry); !erased)
            return erased;
    if (static_cast<int>(entries->size()) < room_messages)
        progress.first_seq = head.first_seq;
    return {};
}

Result<void> SearchIndex::read_changes(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, Batch& batch
) {
    if (progress.rev >= head.rev)
        return {};
    const auto changed = tx.messages().changed(head.room, progress.rev, room_messages);
    if (!changed)
        return pass(changed.error());
    for (const Message& message : *changed) {
        progress.rev = std::max(progress.rev, message.rev);
        if (message.seq > progress.seq)
            continue;  // not indexed yet
        const auto entry = tx.search().entry(message.room, message.seq);
        if (!entry)
            return pass(entry.error());
        if (*entry)
            if (Result<void> erased = batch.erase(**entry); !erased)
                return erased;
        if (is_found(message) && message.seq >= head.first_seq)
            batch.add(message);
    }
    if (static_cast<int>(changed->size()) < room_messages)
        progress.rev = std::max(progress.rev, head.rev);
    return {};
}

// From the latest occurrence of a word to the oldest: each belongs to the block that covers it, and
// so do those before it that are not older than the block's begin. One block of each word a round.
Result<void> SearchIndex::edit_blocks(ContentTransaction& tx, Batch& batch) {
    std::vector<BlockReference> wanted;
    for (auto& [word, changes] : batch.occurrences) {
        // Of one place, what is erased comes first.
        std::stable_sort(changes.begin(), changes.end());
        wanted.push_back({word, changes.back().first.at});
    }
    while (!wanted.empty()) {
        auto found = tx.search().blocks(wanted);
        if (!found)
            return pass(std::move(found).error());
        std::unordered_map<WordKey, SearchBlock> blocks;
        for (SearchBlock& block : *found)
            blocks.insert_or_assign(block.word, std::move(block));
        std::vector<BlockReference> older;
        for (const BlockReference& one : wanted) {
            auto& changes = batch.occurrences[one.word];
            const auto block = blocks.find(one.word);
            if (Result<void> done = edit_block(
                    one.word, block == blocks.end() ? nullptr : &block->second, changes, batch
                );
                !done)
                return done;
            if (!changes.empty())
                older.push_back({one.word, changes.back().first.at});
        }
        wanted = std::move(older);
    }
    return {};
}

/// Takes the changes that the block covers; null: the word has none there yet.
Result<void> SearchIndex::edit_block(
    WordKey word, const SearchBlock* block, Changed& changes, Batch& batch
) {
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
            batch.emptied_blocks.push_back(*block);
        return {};
    }
    (block != nullptr ? batch.changed_blocks : batch.new_blocks)
        .push_back({word, from_at, pack_occurrences(parts.front())});
    for (std::size_t i = 1; i < parts.size(); ++i)
        batch.new_blocks.push_back({word, parts[i].front().at, pack_occurrences(parts[i])});
    return {};
}

Result<void> SearchIndex::write(const Batch& batch) {
    return chat_.content().write("indexing messages", [&](ContentTransaction& tx) -> Result<void> {
        // What was read is still true only if nobody else wrote since.
        const auto held = tx.registry().acquire(*lease_, lease_lifetime);
        if (!held)
            return pass(held.error());
        if (!*held || (*held)->fencing_token != lease_->fencing_token)
            return fail(Errc::conflict, "another server indexes messages now");
        SearchStore& search = tx.search();
        for (const auto& [place, entry] : batch.erased)
            if (Result<void> done = search.erase_entry(entry.room, entry.seq); !done)
                return done;
        for (const SearchBlock& block : batch.emptied_blocks)
            if (Result<void> done = search.erase_block(block.word, block.from_at); !done)
                return done;
        if (Result<void> done = search.update_blocks(batch.changed_blocks); !done)
            return done;
        if (Result<void> done = search.insert_blocks(batch.new_blocks); !done)
            return done;
        if (Result<void> done = search.insert_entries(batch.added); !done)
            return done;
        for (const SearchProgress& progress : batch.progress)
            if (Result<void> done = search.put_progress(progress); !done)
                return done;
        for (const RoomId room : batch.finished)
            if (Result<void> done = search.forget(room); !done)
                return done;
        return {};
    });
}

Result<std::int64_t> SearchIndex::clean_gone() {
    std::int64_t count = 0;
    for (bool more = true; more && !stopping_;) {
        Batch batch;
        Result<void> read = chat_.content().read(
            "reading what is gone",
            [&](ContentTransaction& tx) -> Result<void> {
                batch = {};
                const auto rooms = tx.search().gone(1);
                if (!rooms)
                    return pass(rooms.error());
                for (const RoomId room : *rooms) {
                    const auto entries = tx.search().entries_below(room, any_number, room_messages);
                    if (!entries)
                        return pass(entries.error());
                    for (const SearchEntry& entry : *entries)
                        if (Result<void> erased = batch.erase(entry); !erased)
                            return erased;
                    if (static_cast<int>(entries->size()) < room_messages)
                        batch.finished.push_back(room);
                }
                return edit_blocks(tx, batch);
            }
        );
        if (!read)
            return pass(std::move(read).error());
        more = !batch.erased.empty() || !batch.finished.empty();
        count += static_cast<std::int64_t>(batch.erased.size());
        if (more)
            if (Result<void> written = write(batch); !written)
                return pass(std::move(written).error());
    }
    return count;
}

}  // namespace pchat
