// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/message.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A word of a text: letters, digits and marks in a row, at most 64 code points of them. Where a
/// script writes no blanks between words (Chinese, Japanese, Thai ...) each letter is a word, and
/// so is each symbol and emoji.
struct SearchWord {
    std::string written;    // NFC
    std::string folded;     // cases folded
    std::size_t chunk = 0;  // how many stretches of blanks are before it
};

/// All words of a text in their order.
std::vector<SearchWord> search_words(std::string_view text);

/// What of a message can be found: subject and body, without the markup of RTF.
std::string searchable_text(const Message& message);

/// A word as the index knows it: 40 bits. Two words that share a number are told apart by the text
/// of the message, which has the last word anyway.
using WordKey = std::int64_t;
WordKey word_key(std::string_view folded);
// What is found like a word, though no text has it: the room and the sender of a message.
WordKey room_key(RoomId room);
WordKey sender_key(PrincipalId sender);

/// The keys of a text, ascending, each once; of a text with very many words, the first thousand.
std::vector<WordKey> word_keys(std::string_view text);

enum class SearchMatch : std::uint8_t { all, any, exact };

/// What somebody looks for. `all` and `any`: its words, where those written without a blank between
/// them (`e-mail`, `ann@contoso.example`) stand together. `exact`: the text as it is, from the
/// begin of a word to the end of one, blanks of any kind alike.
class SearchPattern {
public:
    SearchPattern(std::string_view text, SearchMatch match, bool match_case);

    /// Words that stand together in whatever fits; with `any`, in what fits by this alternative.
    [[nodiscard]] const std::vector<std::vector<SearchWord>>& units() const { return units_; }
    [[nodiscard]] SearchMatch match() const { return match_; }
    [[nodiscard]] std::size_t word_count() const;
    [[nodiscard]] bool fits(std::string_view text) const;

private:
    [[nodiscard]] std::string normal(std::string_view text) const;
    [[nodiscard]] bool contains(
        const std::vector<SearchWord>& words, const std::vector<SearchWord>& unit
    ) const;

    SearchMatch match_;
    bool match_case_;
    std::vector<std::vector<SearchWord>> units_;
    std::string phrase_;  // of an exact one
};

}  // namespace pchat
