// SPDX-License-Identifier: Apache-2.0
#include "server/domain/search_words.h"

#include "base/unicode.h"
#include "server/domain/rtf_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace pchat {
namespace {

constexpr std::size_t longest_word = 64;  // code points
constexpr std::size_t most_keys = 1000;   // of one message

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

std::string folded(std::string_view word) {
    return is_ascii(word) ? lower_ascii(word) : fold_case(word);
}

/// Gathers the code points of one word after the other.
class WordReader {
public:
    void take(char32_t code_point, std::string_view bytes) {
        switch (word_part(code_point)) {
        case WordPart::ignored:
            return;
        case WordPart::blank:
            end();
            in_blanks_ = true;
            return;
        case WordPart::between:
            end();
            break;
        case WordPart::letter:
            if (single_ || count_ == longest_word)
                end();
            add(bytes);
            break;
        case WordPart::single:
            end();
            add(bytes);
            single_ = true;
            break;
        case WordPart::mark:
            if (count_ == longest_word)
                end();
            add(bytes);
            break;
        }
        in_blanks_ = false;
    }

    std::vector<SearchWord> finish() {
        end();
        return std::move(out_);
    }

private:
    void add(std::string_view bytes) {
        if (count_ == 0 && in_blanks_)
            ++chunk_;
        word_ += bytes;
        ++count_;
        in_blanks_ = false;
    }
    void end() {
        if (count_ > 0)
            out_.push_back({word_, folded(word_), chunk_});
        word_.clear();
        count_ = 0;
        single_ = false;
    }

    std::vector<SearchWord> out_;
    std::string word_;
    std::size_t count_ = 0;
    std::size_t chunk_ = 0;
    bool single_ = false;
    bool in_blanks_ = false;
};

bool goes_on(WordPart part) {
    return part == WordPart::letter || part == WordPart::mark;
}

// Whether a word would be cut between the two.
bool within_word(std::string_view text, std::size_t at) {
    if (at == 0 || at >= text.size())
        return false;
    std::size_t before = at - 1;
    while (before > 0 && (static_cast<unsigned char>(text[before]) & 0xC0U) == 0x80U)
        --before;
    const WordPart left = word_part(next_code_point(text, before));
    const WordPart right = word_part(next_code_point(text, at));
    return right == WordPart::mark ? left != WordPart::blank && left != WordPart::between
                                   : goes_on(left) && right == WordPart::letter;
}

}  // namespace

std::vector<SearchWord> search_words(std::string_view text) {
    const std::string composed = is_ascii(text) ? std::string{text} : nfc(text);
    WordReader reader;
    for (std::size_t offset = 0; offset < composed.size();) {
        const std::size_t begin = offset;
        const char32_t c = next_code_point(composed, offset);
        reader.take(c, std::string_view{composed}.substr(begin, offset - begin));
    }
    return reader.finish();
}

std::string searchable_text(const Message& message) {
    std::string out;
    if (message.subject && !message.subject->empty())
        out = *message.subject + "\n";
    out += message.format == MessageFormat::rtf ? rtf_text(message.body) : message.body;
    return out;
}

// FNV-1a, which is the same everywhere and for ever, folded to 40 bits.
WordKey word_key(std::string_view folded) {
    constexpr int bits = 40;
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : folded) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211U;
    }
    constexpr std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    return static_cast<WordKey>((hash >> bits) ^ (hash & mask));
}

// No word has a slash, so these are nobody's words.
WordKey room_key(RoomId room) {
    return word_key(fmt::format("/room/{}", room.value));
}

WordKey sender_key(PrincipalId sender) {
    return word_key(fmt::format("/from/{}", sender.value));
}

std::vector<WordKey> word_keys(std::string_view text) {
    std::unordered_set<WordKey> seen;
    for (const SearchWord& word : search_words(text)) {
        seen.insert(word_key(word.folded));
        if (seen.size() == most_keys)
            break;
    }
    std::vector<WordKey> out(seen.begin(), seen.end());
    std::sort(out.begin(), out.end());
    return out;
}

SearchPattern::SearchPattern(std::string_view text, SearchMatch match, bool match_case)
    : match_(match), match_case_(match_case) {
    for (SearchWord& word : search_words(text)) {
        const bool together = !units_.empty() && (match == SearchMatch::exact ||
                                                  units_.back().back().chunk == word.chunk);
        if (!together)
            units_.emplace_back();
        units_.back().push_back(std::move(word));
    }
    if (match == SearchMatch::exact)
        phrase_ = normal(text);
}

std::size_t SearchPattern::word_count() const {
    std::size_t count = 0;
    for (const auto& unit : units_)
        count += unit.size();
    return count;
}

std::string SearchPattern::normal(std::string_view text) const {
    const std::string whole = match_case_ ? nfc(text) : fold_case(text);
    std::string out;
    bool blank = false;
    for (std::size_t offset = 0; offset < whole.size();) {
        const std::size_t begin = offset;
        const char32_t c = next_code_point(whole, offset);
        const WordPart part = word_part(c);
        if (part == WordPart::blank)
            blank = true;
        if (part == WordPart::blank || part == WordPart::ignored)
            continue;
        if (blank && !out.empty())
            out += ' ';
        blank = false;
        out.append(whole, begin, offset - begin);
    }
    return out;
}

bool SearchPattern::contains(
    const std::vector<SearchWord>& words, const std::vector<SearchWord>& unit
) const {
    return std::search(
               words.begin(),
               words.end(),
               unit.begin(),
               unit.end(),
               [this](const SearchWord& a, const SearchWord& b) {
                   return a.folded == b.folded && (!match_case_ || a.written == b.written);
               }
           ) != words.end();
}

bool SearchPattern::fits(std::string_view text) const {
    if (units_.empty())
        return false;
    if (match_ == SearchMatch::exact) {
        const std::string whole = normal(text);
        for (std::size_t at = whole.find(phrase_); at != std::string::npos;
             at = whole.find(phrase_, at + 1))
            if (!within_word(whole, at) && !within_word(whole, at + phrase_.size()))
                return true;
        return false;
    }
    const std::vector<SearchWord> words = search_words(text);
    const auto found = [&](const auto& unit) { return contains(words, unit); };
    return match_ == SearchMatch::any ? std::any_of(units_.begin(), units_.end(), found)
                                      : std::all_of(units_.begin(), units_.end(), found);
}

}  // namespace pchat
