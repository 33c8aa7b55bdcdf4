// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/search.h"

#include "server/store/sql/search_tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace pchat::sql {
namespace {

// So many blocks or rooms go in one statement; what is missing is filled up: of a query with its
// last one, of a change with what there is not.
constexpr std::size_t many = 32;

// A room that is not in the index has 0 for the place that it begins at.
const std::string gap_columns =
    "select h.room_id, h.last_seq, h.first_seq, h.rev, h.last_at, h.content_bytes, "
    "coalesce(p.seq, 0), coalesce(p.rev, 0), coalesce(p.first_seq, 0) "
    "from room_head h left join search_progress p on p.room_id = h.room_id ";
const std::string is_gap =
    "((p.room_id is null and h.last_seq > 0) or p.seq < h.last_seq or p.rev < h.rev or "
    "p.first_seq < h.first_seq) ";

const std::string rooms_behind_text =
    gap_columns + "where h.room_id > :after and h.last_seq - coalesce(p.seq, 0) <= :most and " +
    is_gap + "order by h.room_id {limit :n}";
const Statement rooms_behind{"search rooms behind", rooms_behind_text};

const std::string rooms_of_many_text =
    gap_columns + "where h.room_id in (" + repeated(":r#", ", ", many) + ") and " + is_gap;
const Statement rooms_of_many{"search rooms behind, of many", rooms_of_many_text};

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

const std::string progress_update_text =
    "update search_progress set seq = case room_id " + repeated("when :q# then :s#", " ", many) +
    " else seq end, rev = case room_id " + repeated("when :p# then :v#", " ", many) +
    " else rev end, first_seq = case room_id " + repeated("when :o# then :f#", " ", many) +
    " else first_seq end where room_id in (" + repeated(":r#", ", ", many) + ")";
const Statement progress_update{"search progress of many", progress_update_text};

const std::string blocks_at_text =
    "select {columns search_block} from search_block where " +
    repeated(
        "(word = :w# and from_at = (select max(b.from_at) from search_block b "
        "where b.word = :v# and b.from_at <= :a#))",
        " or ",
        many
    );
const Statement blocks_at{"search blocks", blocks_at_text};

// One of each word, as the text is chosen by it.
const std::string blocks_update_text =
    "update search_block set occurrences = case word " + repeated("when :w# then :o#", " ", many) +
    " else occurrences end where " + repeated("(word = :v# and from_at = :a#)", " or ", many);
const Statement blocks_update{"search blocks update", blocks_update_text};

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

template <>
struct RowShape<SearchGap> {
    static std::vector<Cell> cells() { return std::vector<Cell>(9); }
    static SearchGap read(const std::vector<Cell>& cells) {
        SearchGap out;
        out.head.room = RoomId{cells[0].number};
        out.head.last_seq = cells[1].number;
        out.head.first_seq = cells[2].number;
        out.head.rev = cells[3].number;
        out.head.last_at = cells[4].number;
        out.head.content_bytes = cells[5].number;
        if (cells[8].number > 0)
            out.known = {out.head.room, cells[6].number, cells[7].number, cells[8].number};
        return out;
    }
};

Catalog search_catalog() {
    return {
        {&table_of<SearchBlock>(), &table_of<SearchEntry>(), &table_of<SearchProgress>()},
        {&rooms_behind,
         &rooms_of_many,
         &rooms_gone,
         &progress_of,
         &progress_forget,
         &progress_update,
         &block_at,
         &blocks_at,
         &blocks_update,
         &block_erase,
         &entry_at,
         &entries_of_room,
         &entry_erase}};
}

Result<std::vector<SearchGap>> SqlSearchStore::behind(RoomId after, std::int64_t most, int limit) {
    return tx_.list<SearchGap>(rooms_behind, after, most, limit);
}

Result<std::vector<SearchGap>> SqlSearchStore::behind(std::span<const RoomId> rooms) {
    std::vector<SearchGap> out;
    for (; !rooms.empty(); rooms = rooms.subspan(std::min(rooms.size(), many))) {
        Values in{many};
        for (std::size_t i = 0; i < many; ++i)
            in.add(rooms[std::min(i, rooms.size() - 1)]);
        auto found = tx_.list<SearchGap>(rooms_of_many, in);
        if (!found)
            return pass(std::move(found).error());
        std::move(found->begin(), found->end(), std::back_inserter(out));
    }
    return out;
}

Result<std::vector<RoomId>> SqlSearchStore::gone(int limit) {
    return tx_.list<RoomId>(rooms_gone, limit);
}

Result<std::optional<SearchProgress>> SqlSearchStore::progress(RoomId room) {
    return tx_.one<SearchProgress>(progress_of, room);
}

Result<void> SqlSearchStore::insert_progress(std::span<const SearchProgress> rooms) {
    return tx_.insert(rooms);
}

Result<void> SqlSearchStore::update_progress(std::span<const SearchProgress> rooms) {
    const SearchProgress none{};
    for (; !rooms.empty(); rooms = rooms.subspan(std::min(rooms.size(), many))) {
        std::array<const SearchProgress*, many> filled{};
        for (std::size_t i = 0; i < many; ++i)
            filled[i] = i < rooms.size() ? &rooms[i] : &none;
        Values in{7 * many};
        for (const SearchProgress* one : filled)
            in.add(one->room, one->seq);
        for (const SearchProgress* one : filled)
            in.add(one->room, one->rev);
        for (const SearchProgress* one : filled)
            in.add(one->room, one->first_seq);
        for (const SearchProgress* one : filled)
            in.add(one->room);
        const auto changed = tx_.change(progress_update, in);
        if (!changed)
            return pass(changed.error());
        if (*changed != static_cast<std::int64_t>(std::min(rooms.size(), many)))
            return fail(Errc::conflict, "a room is not in the search index any more");
    }
    return {};
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
        const std::size_t size = std::min(wanted.size(), many);
        Values in{3 * many};
        for (std::size_t i = 0; i < many; ++i) {
            const BlockReference& one = wanted[std::min(i, size - 1)];
            in.add(one.word, one.word, one.at);
        }
        auto found = tx_.list<SearchBlock>(blocks_at, in);
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
        for (; round.size() - begin >= many; begin += many)
            if (Result<void> done = update_many({&round[begin], many}); !done)
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
    Values in{4 * many};
    for (const SearchBlock* one : blocks)
        in.add(one->word, one->occurrences);
    for (const SearchBlock* one : blocks)
        in.add(one->word, one->from_at);
    const auto changed = tx_.change(blocks_update, in);
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
