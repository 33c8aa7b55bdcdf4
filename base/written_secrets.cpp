// SPDX-License-Identifier: Apache-2.0
#include "base/written_secrets.h"

#include "base/suggest.h"
#include "base/unicode.h"

#include <algorithm>
#include <array>

namespace pchat {
namespace {

constexpr std::size_t longest_key = 64;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool is_word(char c) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

// At most two edits away; the lengths are compared first, because a text may have a million keys.
bool is_nearly(std::string_view key, std::string_view name) {
    return key.size() + 2 >= name.size() && key.size() <= name.size() + 2 &&
           edit_distance(key, name) <= 2;
}

bool names_secret(std::string_view word) {
    if (word.size() > longest_key)
        return false;
    std::string key = lower_ascii(word);
    std::erase_if(key, [](char c) { return c == '_' || c == '-'; });
    constexpr std::array<std::string_view, 8> parts{
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "credential",
        "connectionstring",
        "privatekey"};
    return key == "key" || key == "token" || is_nearly(key, "credentials") ||
           is_nearly(key, "password") ||
           std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
               return key.find(part) != std::string::npos;
           });
}

class Finder {
public:
    explicit Finder(std::string_view text) : text_(text) {}

    std::vector<Span> find() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool first = at_ == 0 || is_blank(text_[at_ - 1]) || text_[at_ - 1] == '\n';
            comment_ = c != '\n' && (comment_ || (first && c == '#'));
            const bool begins = first || text_[at_ - 1] == '#' || text_[at_ - 1] == '{' ||
                                text_[at_ - 1] == ',' || is_quote(text_[at_ - 1]);
            if (!begins || !is_word(c)) {
                ++at_;
                continue;
            }
            const std::size_t begin = at_;
            const std::size_t value = key_at(begin);
            if (value != 0 && names_secret(text_.substr(begin, at_ - begin)))
                hide_value(begin, value);
        }
        return std::move(found_);
    }

private:
    [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\n'; }

    // Leaves at_ behind the word; the offset behind its colon, 0 when it is not a key.
    std::size_t key_at(std::size_t begin) {
        at_ = begin;
        while (is_word(at(at_)))
            ++at_;
        std::size_t colon = at_;
        const bool quoted = is_quote(at(colon));
        if (quoted)
            ++colon;
        while (is_blank(at(colon)))
            ++colon;
        const bool key = at(colon) == ':' && (quoted || is_blank(at(colon + 1)) ||
                                              at(colon + 1) == '\n' || is_quote(at(colon + 1)));
        return key ? colon + 1 : 0;
    }

    [[nodiscard]] std::size_t line_begin(std::size_t offset) const {
        const std::size_t before =
            offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
        return before == std::string_view::npos ? 0 : before + 1;
    }

    // Whether the line still belongs to a key at `column`; a tab may stand for any width.
    [[nodiscard]] bool goes_on(std::size_t line, std::size_t column) const {
        std::size_t mark = line;
        bool tab = false;
        while (is_blank(at(mark))) {
            tab = tab || at(mark) == '\t';
            ++mark;
        }
        if (at(mark) == '\n')
            return true;
        const std::size_t here = mark - line;
        return tab || here > column ||
               (here == column && at(mark) == '-' && is_blank(at(mark + 1)));
    }

    [[nodiscard]] std::size_t indent_of(std::size_t line) const {
        std::size_t mark = line;
        while (at(mark) == ' ')
            ++mark;
        return mark - line;
    }

    // Within brackets lines may stand further left than the key, but not than the key's own line.
    void hide_value(std::size_t key, std::size_t value) {
        const std::size_t line = line_begin(key);
        const std::size_t column = key - line - (key > 0 && is_quote(text_[key - 1]) ? 1 : 0);
        const std::size_t margin = indent_of(line);
        int depth = 0;
        at_ = value;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\n') {
                ++at_;
                if (comment_ || !goes_on(at_, depth > 0 ? margin : column))
                    return;
            } else if (c == '{' || c == '[') {
                ++depth;
                ++at_;
            } else if (c == '}' || c == ']') {
                if (--depth < 0)
                    return;
                ++at_;
            } else if (c == ',' || is_blank(c)) {
                if (c == ',' && depth == 0 && key_follows(at_ + 1))
                    return;
                ++at_;
            } else if (c == '#' && is_blank(text_[at_ - 1])) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else {
                hide_token();
            }
        }
    }

    [[nodiscard]] bool key_follows(std::size_t offset) const {
        while (is_blank(at(offset)) || is_quote(at(offset)))
            ++offset;
        std::size_t end = offset;
        while (is_word(at(end)))
            ++end;
        if (is_quote(at(end)))
            ++end;
        return end > offset && at(end) == ':' && (is_blank(at(end + 1)) || at(end + 1) == '\n');
    }

    // A quoted text, or a plain one up to the next blank or bracket. Keys and references stay.
    void hide_token() {
        const std::size_t begin = at_;
        const bool quoted = is_quote(text_[begin]);
        if (quoted)
            skip_quoted();
        else if (key_at(begin) == 0)
            skip_plain();
        else
            at_ = key_at(begin);
        const std::string_view token = text_.substr(begin + (quoted ? 1 : 0), at_ - begin);
        const bool key = quoted ? at(at_) == ':' : text_[at_ - 1] == ':';
        const bool mark = token == "|" || token == ">" || token == ":" || token == "-";
        if (!key && !mark && !token.starts_with("env:") && !token.starts_with("file:"))
            found_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)});
    }

    void skip_quoted() {
        const char quote = text_[at_++];
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n')
            at_ += quote == '"' && text_[at_] == '\\' && at(at_ + 1) != '\n' ? 2U : 1U;
        at_ = std::min(at_, text_.size());
        if (at(at_) == quote)
            ++at_;
    }

    void skip_plain() {
        constexpr std::string_view ends{" \t\r\n,{}[]"};
        at_ = std::min(text_.find_first_of(ends, at_), text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool comment_ = false;
    std::vector<Span> found_;
};

}  // namespace

std::vector<Span> written_secrets(std::string_view text) {
    return Finder{text}.find();
}

std::string without_secrets(std::string_view text) {
    std::string out{text};
    for (const Span& span : written_secrets(text))
        out.replace(span.begin, span.size(), span.size(), '*');
    return out;
}

}  // namespace pchat
