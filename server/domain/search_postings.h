// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/message.h"
#include "server/domain/search_words.h"

#include <compare>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Where a word occurs: in this message. In the order of time.
struct Occurrence {
    Microseconds at = 0;
    RoomId room;
    std::int64_t seq = 0;

    friend auto operator<=>(const Occurrence&, const Occurrence&) = default;
};

/// Later than everything said up to that moment.
constexpr Occurrence end_of(Microseconds at) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    return {at, RoomId{most}, most};
}

// Lists of occurrences and of words as the database holds them: the differences from one to the
// next in seven bits a byte, written in base 64.

/// `list` ascending.
std::string pack_occurrences(const std::vector<Occurrence>& list);
/// Nothing when the text is not one of ours.
std::optional<std::vector<Occurrence>> unpack_occurrences(std::string_view text);

std::string pack_keys(const std::vector<WordKey>& ascending);
std::optional<std::vector<WordKey>> unpack_keys(std::string_view text);

/// Cuts an ascending list in parts that are about as long as a row should be, never between two
/// of the same moment. The last part takes what is left, so that lists that grow at the end stay
/// full.
std::vector<std::vector<Occurrence>> cut_in_blocks(std::vector<Occurrence> list);

}  // namespace pchat
