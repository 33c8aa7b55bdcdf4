// SPDX-License-Identifier: Apache-2.0
#include "server/domain/search_postings.h"
#include "tests/support/catch.h"

#include <random>

using namespace pchat;

namespace {

std::vector<Occurrence> some(std::size_t count, Microseconds step) {
    std::vector<Occurrence> out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto n = static_cast<std::int64_t>(i);
        out.push_back({1'800'000'000'000'000 + n * step, RoomId{1 + n}, n * 7});
    }
    return out;
}

}  // namespace

TEST_CASE("search postings: lists come back as they went", "[search]") {
    std::mt19937_64 random{7};
    for (int round = 0; round < 200; ++round) {
        std::vector<Occurrence> list;
        std::vector<WordKey> keys;
        for (int i = 0; i < round; ++i) {
            list.push_back(
                {static_cast<Microseconds>(random() >> (random() % 40 + 12)),
                 RoomId{static_cast<std::int64_t>(random() >> (random() % 60 + 1))},
                 static_cast<std::int64_t>(random() >> (random() % 60 + 1))}
            );
            keys.push_back(static_cast<WordKey>(random() >> 24));
        }
        std::sort(list.begin(), list.end());
        std::sort(keys.begin(), keys.end());
        CHECK(unpack_occurrences(pack_occurrences(list)) == list);
        CHECK(unpack_keys(pack_keys(keys)) == keys);
    }
}

TEST_CASE("search postings: what is no list is told", "[search]") {
    CHECK_FALSE(unpack_occurrences("not one!"));
    CHECK_FALSE(unpack_occurrences("gA"));
    CHECK_FALSE(unpack_keys("gICA"));
    CHECK(unpack_occurrences("")->empty());
}

TEST_CASE("search postings: a block of a busy word fits in two kilobytes", "[search]") {
    const auto blocks = cut_in_blocks(some(1000, 90'000'000));
    REQUIRE(blocks.size() == 6);
    std::size_t count = 0;
    for (const auto& block : blocks) {
        CHECK(pack_occurrences(block).size() < 2000);
        count += block.size();
    }
    CHECK(count == 1000);
    CHECK(blocks[0].back() < blocks[1].front());
}

TEST_CASE("search postings: occurrences of one moment stay together", "[search]") {
    CHECK(cut_in_blocks(some(1000, 0)).size() == 1);
    auto list = some(300, 0);
    auto later = some(300, 1);
    for (Occurrence& one : later)
        one.at += 1'000;
    list.insert(list.end(), later.begin(), later.end());
    const auto blocks = cut_in_blocks(list);
    REQUIRE(blocks.size() == 3);
    CHECK(blocks[0].size() == 300);
    CHECK(cut_in_blocks({}).empty());
}
