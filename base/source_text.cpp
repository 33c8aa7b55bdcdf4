// SPDX-License-Identifier: Apache-2.0
#include "base/source_text.h"

#include "base/unicode.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n' && i + 1 < text_.size())
            line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
}

std::string_view SourceText::slice(Span span) const {
    const std::string_view all = text_;
    const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
    return all.substr(begin, std::max(span.begin, span.end) - span.begin);
}

Position SourceText::position(std::uint32_t offset) const {
    offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
    const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const auto number = static_cast<int>(after - line_starts_.begin());
    const std::uint32_t start = line_start(number);
    if (offset <= start)
        return {number, 1};
    const std::string_view before = std::string_view{text_}.substr(start, offset - start);
    return {number, static_cast<int>(count_code_points(before)) + 1};
}

std::uint32_t SourceText::line_start(int number) const {
    const std::uint32_t start = line_starts_[static_cast<std::size_t>(number - 1)];
    // A byte order mark is no column.
    const bool marked = number == 1 && text_.starts_with(byte_order_mark);
    return marked ? start + static_cast<std::uint32_t>(byte_order_mark.size()) : start;
}

std::string_view SourceText::line(int number) const {
    if (number < 1 || number > line_count())
        return {};
    std::string_view rest = std::string_view{text_}.substr(line_start(number));
    rest = rest.substr(0, rest.find('\n'));
    if (rest.ends_with('\r'))
        rest.remove_suffix(1);
    return rest;
}

}  // namespace pchat
