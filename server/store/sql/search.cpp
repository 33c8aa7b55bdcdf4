// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/search.h"

#include "server/store/sql/search_tables.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace pchat::sql {
namespace {

const Statement rooms_behind{
    "search rooms behind",
    "select h.room_id from room_head h left join search_progress p on p.room_id = h.room_id "
    "where h.room_id > :after and h.last_seq - coalesce(p.seq, 0) <= :most and "
    "((p.room_id is null and h.last_seq > 0) or p.seq < h.last_seq or p.rev < h.rev or "
    "p.first_seq < h.first_seq) order by h.room_id {limit :n}"};

const Statement rooms_gone{
    "search rooms gone",
    "select p.room_id from search_progress p left join room_head h on h.room_id = p.room_id "
    "where h.room_id is null order by p.room_id {limit :n}"};

const Statement progress_of{
    "search progress",
    "select {columns search_progress} from search_progress where room_id = :room"};

const Statement progress_forget{
    "search progress forget", "delete from search_progress where room_id = :room"};

const Statement block_at{
    "search block",
    "select {columns search_block} from search_block where word = :word and from_at <= :at "
    "order by from_at desc {limit :n}"};

// So many blocks go in one statement; what is missing is filled up with the last.
constexpr std::size_t many_blocks = 16;

const Statement blocks_at{
    "search blocks",
    "select {columns search_block} from search_block where "
    "(word = :w0 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v0 and b.from_at <= :a0)) or "
    "(word = :w1 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v1 and b.from_at <= :a1)) or "
    "(word = :w2 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v2 and b.from_at <= :a2)) or "
    "(word = :w3 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v3 and b.from_at <= :a3)) or "
    "(word = :w4 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v4 and b.from_at <= :a4)) or "
    "(word = :w5 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v5 and b.from_at <= :a5)) or "
    "(word = :w6 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v6 and b.from_at <= :a6)) or "
    "(word = :w7 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v7 and b.from_at <= :a7)) or "
    "(word = :w8 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v8 and b.from_at <= :a8)) or "
    "(word = :w9 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v9 and b.from_at <= :a9)) or "
    "(word = :w10 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v10 and b.from_at <= :a10)) or "
    "(word = :w11 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v11 and b.from_at <= :a11)) or "
    "(word = :w12 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v12 and b.from_at <= :a12)) or "
    "(word = :w13 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v13 and b.from_at <= :a13)) or "
    "(word = :w14 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v14 and b.from_at <= :a14)) or "
    "(word = :w15 and from_at = (select max(b.from_at) from search_block b "
    "where b.word = :v15 and b.from_at <= :a15))"};

// One of each word, as the text is chosen by it.
const Statement blocks_update{
    "search blocks update",
    "update search_block set occurrences = case word "
    "when :w0 then :o0 "
    "when :w1 then :o1 "
    "when :w2 then :o2 "
    "when :w3 then :o3 "
    "when :w4 then :o4 "
    "when :w5 then :o5 "
    "when :w6 then :o6 "
    "when :w7 then :o7 "
    "when :w8 then :o8 "
    "when :w9 then :o9 "
    "when :w10 then :o10 "
    "when :w11 then :o11 "
    "when :w12 then :o12 "
    "when :w13 then :o13 "
    "when :w14 then :o14 "
    "when :w15 then :o15 "
    "else occurrences end where "
    "(word = :v0 and from_at = :a0) or "
    "(word = :v1 and from_at = :a1) or "
    "(word = :v2 and from_at = :a2) or "
    "(word = :v3 and from_at = :a3) or "
    "(word = :v4 and from_at = :a4) or "
    "(word = :v5 and from_at = :a5) or "
    "(word = :v6 and from_at = :a6) or "
    "(word = :v7 and from_at = :a7) or "
    "(word = :v8 and from_at = :a8) or "
    "(word = :v9 and from_at = :a9) or "
    "(word = :v10 and from_at = :a10) or "
    "(word = :v11 and from_at = :a11) or "
    "(word = :v12 and from_at = :a12) or "
    "(word = :v13 and from_at = :a13) or "
    "(word = :v14 and from_at = :a14) or "
    "(word = :v15 and from_at = :a15)"};

const Statement block_erase{
    "search block erase", "delete from search_block where word = :word and from_at = :from_at"};

const Statement entry_at{
    "search entry",
    "select {columns search_entry} from search_entry where room_id = :room and seq = :seq"};

const Statement entries_of_room{
    "search entries of a room",
    "select {columns search_entry} from search_entry where room_id = :room and seq < :seq "
    "order by seq {limit :n}"};

const Statement entry_erase{
    "search entry erase", "delete from search_entry where room_id = :room and seq = :seq"};

}  // namespace

Catalog search_catalog() {
    return {
        {&table_of<SearchBlock>(), &table_of<SearchEntry>(), &table_of<SearchProgress>()},
        {&rooms_behind,
         &rooms_gone,
         &progress_of,
         &progress_forget,
         &block_at,
         &blocks_at,
         &blocks_update,
         &block_erase,
         &entry_at,
         &entries_of_room,
         &entry_erase}};
}

Result<std::vector<RoomId>> SqlSearchStore::behind(RoomId after, std::int64_t most, int limit) {
    return tx_.list<RoomId>(rooms_behind, after, most, limit);
}

Result<std::vector<RoomId>> SqlSearchStore::gone(int limit) {
    return tx_.list<RoomId>(rooms_gone, limit);
}

Result<std::optional<SearchProgress>> SqlSearchStore::progress(RoomId room) {
    return tx_.one<SearchProgress>(progress_of, room);
}

Result<void> SqlSearchStore::put_progress(const SearchProgress& progress) {
    return tx_.put(progress);
}

Result<void> SqlSearchStore::forget(RoomId room) {
    return tx_.run(progress_forget, room);
}

Result<std::optional<SearchBlock>> SqlSearchStore::block(WordKey word, Microseconds at) {
    return tx_.one<SearchBlock>(block_at, word, at, 1);
}

Result<void> SqlSearchStore::insert_blocks(std::span<const SearchBlock> blocks) {
    return tx_.insert(blocks);
}

Result<std::vector<SearchBlock>> SqlSearchStore::blocks(std::span<const BlockReference> wanted) {
    std::vector<SearchBlock> out;
    while (!wanted.empty()) {
        const std::size_t size = std::min(wanted.size(), many_blocks);
        const auto one = [&](std::size_t i) -> const BlockReference& {
            return wanted[std::min(i, size - 1)];
        };
        auto found = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::apply(
                [&](const auto&... in) { return tx_.list<SearchBlock>(blocks_at, in...); },
                std::tuple_cat(std::tie(one(I).word, one(I).word, one(I).at)...)
            );
        }
        (std::make_index_sequence<many_blocks>{});
        if (!found)
            return pass(std::move(found).error());
        std::move(found->begin(), found->end(), std::back_inserter(out));
        wanted = wanted.subspan(size);
    }
    return out;
}

Result<void> SqlSearchStore::update_blocks(std::span<const SearchBlock> blocks) {
    // The first block of each word, the second, ...: within a round words differ.
    std::vector<std::vector<const SearchBlock*>> rounds;
    std::unordered_map<WordKey, std::size_t> seen;
    for (const SearchBlock& block : blocks) {
        const std::size_t round = seen[block.word]++;
        rounds.resize(std::max(rounds.size(), round + 1));
        rounds[round].push_back(&block);
    }
    for (const auto& round : rounds) {
        std::size_t begin = 0;
        for (; round.size() - begin >= many_blocks; begin += many_blocks)
            if (Result<void> done = update_many({&round[begin], many_blocks}); !done)
                return done;
        for (; begin < round.size(); ++begin)
            if (Result<void> done =
                    unless_changed(tx_.update(*round[begin]), "block of the search index");
                !done)
                return done;
    }
    return {};
}

Result<void> SqlSearchStore::update_many(std::span<const SearchBlock* const> blocks) {
    const auto changed = [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::apply(
            [&](const auto&... in) { return tx_.change(blocks_update, in...); },
            std::tuple_cat(
                std::tuple_cat(std::tie(blocks[I]->word, blocks[I]->occurrences)...),
                std::tuple_cat(std::tie(blocks[I]->word, blocks[I]->from_at)...)
            )
        );
    }
    (std::make_index_sequence<many_blocks>{});
    if (!changed)
        return pass(changed.error());
    if (*changed != static_cast<std::int64_t>(blocks.size()))
        return fail(Errc::conflict, "a block of the search index is not there any more");
    return {};
}

Result<void> SqlSearchStore::erase_block(WordKey word, Microseconds from_at) {
    return tx_.run(block_erase, word, from_at);
}

Result<std::optional<SearchEntry>> SqlSearchStore::entry(RoomId room, std::int64_t seq) {
    return tx_.one<SearchEntry>(entry_at, room, seq);
}

Result<std::vector<SearchEntry>> SqlSearchStore::entries_below(
    RoomId room, std::int64_t seq, int limit
) {
    return tx_.list<SearchEntry>(entries_of_room, room, seq, limit);
}

Result<void> SqlSearchStore::insert_entries(std::span<const SearchEntry> entries) {
    return tx_.insert(entries);
}

Result<void> SqlSearchStore::erase_entry(RoomId room, std::int64_t seq) {
    return tx_.run(entry_erase, room, seq);
}

}  // namespace pchat::sql
