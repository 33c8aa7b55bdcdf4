// SPDX-License-Identifier: Apache-2.0
#include "base/config/extent.h"

#include <algorithm>
#include <array>

namespace pchat::config {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Extents {
public:
    explicit Extents(std::string_view text) : text_(text) {}

    // `floor` is where the search may begin: the end of what stands before the node.
    void find(Node& node, std::size_t floor) {
        switch (node.kind) {
        case NodeKind::null:
            return find_null(node, floor);
        case NodeKind::scalar:
            return find_scalar(node);
        case NodeKind::sequence:
            return find_sequence(node);
        case NodeKind::mapping:
            return find_mapping(node);
        case NodeKind::broken:
            return;  // its span was set when it was reported
        }
    }

private:
    [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

    static void end_at(Node& node, std::size_t end) {
        node.span.end = std::max(node.span.begin, static_cast<std::uint32_t>(end));
    }

    // An explicit null is a word on the same line; else the null is the empty place at `floor`.
    void find_null(Node& node, std::size_t floor) {
        std::size_t begin = floor;
        while (at(begin) == ' ' || at(begin) == '\t')
            ++begin;
        constexpr std::array<std::string_view, 4> words{"~", "null", "Null", "NULL"};
        for (const std::string_view word : words) {
            const char after = at(begin + word.size());
            const bool ends =
                after == '\0' || is_blank(after) || after == ',' || after == '}' || after == ']';
            if (text_.substr(begin).starts_with(word) && ends) {
                node.span = {
                    static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(begin + word.size())};
                return;
            }
        }
        const auto place = static_cast<std::uint32_t>(floor);
        node.span = {place, place};
    }

    void find_scalar(Node& node) {
        const std::size_t begin = node.span.begin;
        switch (node.style) {
        case ScalarStyle::single_quoted:
        case ScalarStyle::double_quoted:
            return end_at(node, quoted_end(text_, begin).value_or(text_.size()));
        case ScalarStyle::block:
            return end_at(node, folded_end(node.value, line_end(begin), line_end(begin)));
        case ScalarStyle::plain:
            return end_at(node, folded_end(node.value, begin, begin));
        }
    }

    // Plain and block scalars have no escapes: line folding changes blanks only, so the letters of
    // the value stand in the text in the same order.
    [[nodiscard]] std::size_t folded_end(std::string_view value, std::size_t from, std::size_t none)
        const {
        std::size_t end = none;
        std::size_t i = from;
        for (const char c : value) {
            if (is_blank(c))
                continue;
            while (i < text_.size() && is_blank(text_[i]))
                ++i;
            if (at(i) != c)
                break;
            end = ++i;
        }
        return end;
    }

    [[nodiscard]] std::size_t line_end(std::size_t from) const {
        std::size_t end = std::min(text_.find('\n', from), text_.size());
        if (end > from && text_[end - 1] == '\r')
            --end;
        return end;
    }

    void find_sequence(Node& node) {
        std::size_t end = node.span.begin + (node.flow ? 1U : 0U);
        for (Node& item : node.items) {
            std::size_t floor = skip_blank(text_, end);
            const bool mark = at(floor) == (node.flow ? ',' : '-');
            if (mark)
                ++floor;
            find(item, floor);
            end = std::max<std::size_t>(item.span.end, floor);
        }
        close(node, end, ']');
    }

    void find_mapping(Node& node) {
        const bool braces = node.flow && at(node.span.begin) == '{';
        std::size_t end = node.span.begin + (braces ? 1U : 0U);
        for (Entry& entry : node.entries) {
            find(entry.key, end);
            const std::size_t colon = skip_blank(text_, entry.key.span.end);
            const std::size_t floor = at(colon) == ':' ? colon + 1 : entry.key.span.end;
            find(entry.value, floor);
            end = std::max<std::size_t>(entry.value.span.end, floor);
        }
        if (!node.flow && !node.entries.empty())
            node.span.begin = std::min(node.span.begin, node.entries.front().key.span.begin);
        if (braces || !node.flow)
            return close(node, end, '}');
        end_at(node, end);  // `[a: b]`: a mapping without braces of its own
    }

    // A block collection ends with its last value, a flow one with its bracket.
    void close(Node& node, std::size_t end, char bracket) {
        if (!node.flow)
            return end_at(node, end);
        std::size_t i = skip_blank(text_, end);
        if (at(i) == ',')
            i = skip_blank(text_, i + 1);
        end_at(node, at(i) == bracket ? i + 1 : end);
    }

    std::string_view text_;
};

}  // namespace

std::optional<std::size_t> quoted_end(std::string_view text, std::size_t begin) {
    const char quote = text[begin];
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
            if (!doubled)
                return i + 1;
            ++i;
        }
    }
    return std::nullopt;
}

std::size_t skip_blank(std::string_view text, std::size_t from) {
    std::size_t i = from;
    while (i < text.size()) {
        if (is_blank(text[i])) {
            ++i;
        } else if (text[i] == '#' && (i == 0 || is_blank(text[i - 1]))) {
            i = std::min(text.find('\n', i), text.size());
        } else {
            break;
        }
    }
    return i;
}

void find_extents(Node& root, std::string_view text) {
    Extents{text}.find(root, 0);
}

}  // namespace pchat::config
