// SPDX-License-Identifier: Apache-2.0
// The search index: what every backend keeps and gives back alike.
#include "tests/integration/db/contract.h"

#include <limits>
#include <map>
#include <span>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr RoomId lobby{1};
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

ContentWork put(SearchProgress progress) {
    return [progress](ContentTransaction& tx) -> Result<void> {
        const auto known = tx.search().progress(progress.room);
        if (!known)
            return pass(known.error());
        const std::span<const SearchProgress> one{&progress, 1};
        return *known ? tx.search().update_progress(one) : tx.search().insert_progress(one);
    };
}

std::vector<RoomId> behind(Content& content, RoomId after, std::int64_t lacking, int limit) {
    std::vector<RoomId> out;
    for (const SearchGap& gap : content.read([&](ContentTransaction& tx) {
             return tx.search().behind(after, lacking, limit);
         }))
        out.push_back(gap.head.room);
    return out;
}

// Rooms 1 to 3, with as many messages.
void talk(Content& content) {
    furnish(content);
    content.write([](ContentTransaction& tx) -> Result<void> {
        for (const std::int64_t id : {2, 3})
            if (Result<void> done =
                    tx.rooms().insert(a_room(id, "room" + std::to_string(id), CategoryId{1}));
                !done)
                return done;
        for (const std::int64_t id : {1, 2, 3})
            if (const auto head = tx.messages().raise({RoomId{id}, id, 10, 1000}); !head)
                return pass(head.error());
        return {};
    });
}

using Rooms = std::vector<RoomId>;

}  // namespace

TEST_CASE("search store: a room is behind until all of its head is indexed", "[search]") {
    Content content{GENERATE(from_range(backends()))};
    talk(content);
    CHECK(behind(content, {}, most, 10) == Rooms{{1}, {2}, {3}});
    CHECK(behind(content, RoomId{1}, most, 1) == Rooms{{2}});
    CHECK(behind(content, {}, 2, 10) == Rooms{{1}, {2}});
    content.write(put({lobby, 1, 0, 1}));
    const auto gaps =
        content.read([](ContentTransaction& tx) { return tx.search().behind({}, most, 10); });
    REQUIRE(gaps.size() == 2);
    CHECK(gaps[0].head.last_seq == 2);
    CHECK(gaps[0].head.first_seq == 1);
    CHECK_FALSE(gaps[0].known);
    const auto named = content.read([](ContentTransaction& tx) {
        const RoomId rooms[] = {RoomId{1}, RoomId{3}, RoomId{99}};
        return tx.search().behind(rooms);
    });
    REQUIRE(named.size() == 1);
    CHECK(named[0].head.room == RoomId{3});
    CHECK(behind(content, {}, most, 10) == Rooms{{2}, {3}});
    SECTION("a message was changed") {
        content.write([](ContentTransaction& tx) -> Result<void> {
            const auto head = tx.messages().raise_rev(lobby, 0);
            return head ? Result<void>{} : Result<void>{pass(head.error())};
        });
        CHECK(behind(content, {}, 0, 10) == Rooms{{1}});
        content.write(put({lobby, 1, 1, 1}));
    }
    SECTION("the room was cleared") {
        content.write([](ContentTransaction& tx) { return tx.messages().raise_first(lobby, 2); });
        CHECK(behind(content, {}, 0, 10) == Rooms{{1}});
        content.write(put({lobby, 1, 0, 2}));
    }
    CHECK(behind(content, {}, 0, 10).empty());
}

TEST_CASE(
    "search store: progress is kept, and of rooms that are gone until forgotten", "[search]"
) {
    Content content{GENERATE(from_range(backends()))};
    talk(content);
    content.write(put({lobby, 1, 0, 1}));
    content.write(put({lobby, most, 7, 3}));
    content.write(put({RoomId{99}, 5, 0, 1}));
    const auto kept =
        content.read([](ContentTransaction& tx) { return tx.search().progress(lobby); });
    REQUIRE(kept);
    CHECK(kept->seq == most);
    CHECK(kept->rev == 7);
    CHECK(kept->first_seq == 3);
    const auto gone = [&] {
        return content.read([](ContentTransaction& tx) { return tx.search().gone(10); });
    };
    CHECK(gone() == Rooms{{99}});
    content.write([](ContentTransaction& tx) { return tx.search().forget(RoomId{99}); });
    CHECK(gone().empty());
}

TEST_CASE("search store: the progress of many rooms is changed at once", "[search]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<SearchProgress> rooms;
    for (std::int64_t id = 1; id <= 70; ++id)  // more than one statement takes
        rooms.push_back({RoomId{id}, id, 2 * id, 3 * id});
    content.write([&](ContentTransaction& tx) { return tx.search().insert_progress(rooms); });
    for (SearchProgress& one : rooms)
        one.seq += 1000;
    content.write([&](ContentTransaction& tx) { return tx.search().update_progress(rooms); });
    for (const SearchProgress& wanted : rooms) {
        const auto kept =
            content.read([&](ContentTransaction& tx) { return tx.search().progress(wanted.room); });
        REQUIRE(kept);
        CHECK(kept->seq == wanted.seq);
        CHECK(kept->rev == wanted.rev);
        CHECK(kept->first_seq == wanted.first_seq);
    }
    rooms.back().room = RoomId{99};
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.search().update_progress(rooms); }
        ),
        Errc::conflict,
        "not in the"
    );
}

TEST_CASE("search store: the block that covers a moment is found", "[search]") {
    Content content{GENERATE(from_range(backends()))};
    const std::string large(10'000, 'A');
    content.write([&](ContentTransaction& tx) {
        const SearchBlock blocks[] = {
            {7, 0, "first"}, {7, 1000, "second"}, {8, 500, large}, {most, most, "-_09azAZ"}};
        return tx.search().insert_blocks(blocks);
    });
    const auto found = [&](WordKey word, Microseconds at) {
        std::string out = "none";
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto block = tx.search().block(word, at);
            if (!block)
                return pass(block.error());
            if (*block)
                out = (*block)->occurrences;
            return {};
        });
        return out;
    };
    CHECK(found(7, 0) == "first");
    CHECK(found(7, 999) == "first");
    CHECK(found(7, 1000) == "second");
    CHECK(found(7, most) == "second");
    CHECK(found(8, 499) == "none");
    CHECK(found(8, 500) == large);
    CHECK(found(9, 500) == "none");
    CHECK(found(most, most) == "-_09azAZ");
    content.write([](ContentTransaction& tx) -> Result<void> {
        const SearchBlock changed[] = {{7, 1000, "changed"}};
        if (Result<void> done = tx.search().update_blocks(changed); !done)
            return done;
        return tx.search().erase_block(7, 0);
    });
    CHECK(found(7, 999) == "none");
    CHECK(found(7, 1000) == "changed");
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            const SearchBlock missing[] = {{7, 0, "nothing there"}};
            return tx.search().update_blocks(missing);
        }),
        Errc::conflict,
        ""
    );
}

TEST_CASE("search store: many blocks are read and written at once", "[search]") {
    Content content{GENERATE(from_range(backends()))};
    const auto count = GENERATE(1, 16, 50);
    std::vector<SearchBlock> blocks;
    std::vector<BlockReference> wanted{{12345, 0}};
    for (int i = 0; i < count; ++i) {
        blocks.push_back({i, 0, "old"});
        blocks.push_back({i, 100, "new"});
        wanted.push_back({i, 50});
    }
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.search().insert_blocks(blocks); !done)
            return done;
        for (SearchBlock& one : blocks)
            one.occurrences += std::to_string(one.word);
        return tx.search().update_blocks(blocks);
    });
    const auto found =
        content.read([&](ContentTransaction& tx) { return tx.search().blocks(wanted); });
    std::map<WordKey, std::string> texts;
    for (const SearchBlock& one : found) {
        CHECK(one.from_at == 0);
        texts[one.word] = one.occurrences;
    }
    REQUIRE(texts.size() == static_cast<std::size_t>(count));
    for (const auto& [word, text] : texts)
        CHECK(text == "old" + std::to_string(word));
    blocks.push_back({12345, 0, "not there"});
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.search().update_blocks(blocks); }
        ),
        Errc::conflict,
        ""
    );
}

TEST_CASE("search store: entries rise by number and stand once", "[search]") {
    Content content{GENERATE(from_range(backends()))};
    const auto insert = [](std::vector<SearchEntry> entries) -> ContentWork {
        return [entries](ContentTransaction& tx) { return tx.search().insert_entries(entries); };
    };
    content.write(insert({{lobby, 3, 30, "c"}, {lobby, 1, 10, "a"}, {lobby, 2, 20, "b"}}));
    content.write(insert({{RoomId{2}, 1, 10, "other"}}));
    const auto below = [&](std::int64_t seq, int limit) {
        std::string out;
        for (const SearchEntry& one : content.read([&](ContentTransaction& tx) {
                 return tx.search().entries_below(lobby, seq, limit);
             }))
            out += one.words + std::to_string(one.at);
        return out;
    };
    CHECK(below(3, 10) == "a10b20");
    CHECK(below(most, 2) == "a10b20");
    REQUIRE_ERR(content.try_write(insert({{lobby, 2, 20, "again"}})), Errc::conflict, "");
    content.write([](ContentTransaction& tx) { return tx.search().erase_entry(lobby, 1); });
    CHECK(below(most, 10) == "b20c30");
    CHECK(
        content.read([](ContentTransaction& tx) { return tx.search().entry(lobby, 2); })->words ==
        "b"
    );
}
