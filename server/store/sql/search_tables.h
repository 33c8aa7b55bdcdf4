// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/search_store.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<SearchBlock> {
    static constexpr std::string_view table = "search_block";
    static constexpr auto columns = std::tuple{
        column("word", &SearchBlock::word, Part::key),
        column("from_at", &SearchBlock::from_at, Part::key),
        column("occurrences", &SearchBlock::occurrences, Part::free)};
};

template <>
struct Mapping<SearchEntry> {
    static constexpr std::string_view table = "search_entry";
    static constexpr auto columns = std::tuple{
        column("room_id", &SearchEntry::room, Part::key),
        column("seq", &SearchEntry::seq, Part::key),
        column("at", &SearchEntry::at, Part::free),
        column("words", &SearchEntry::words, Part::free)};
};

template <>
struct Mapping<SearchProgress> {
    static constexpr std::string_view table = "search_progress";
    static constexpr auto columns = std::tuple{
        column("room_id", &SearchProgress::room, Part::key),
        column("seq", &SearchProgress::seq, Part::free),
        column("rev", &SearchProgress::rev, Part::free),
        column("first_seq", &SearchProgress::first_seq, Part::free)};
};

}  // namespace pchat::sql
