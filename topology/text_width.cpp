// SPDX-License-Identifier: Apache-2.0
#include "topology/text_width.h"

#include "base/unicode.h"

#include <cstddef>

namespace pchat::topology {

namespace {

// Shares of the font size, from the widest of the fonts that the picture asks for.
constexpr double bold_factor = 1.13;
constexpr double wide_em = 1.1;
constexpr double unknown_em = 1.0;

double ascii_em(char32_t c) {
    const std::u32string_view thin = U"iljI.,:;'|!`";
    const std::u32string_view narrow = U" ftr-()[]{}/\\\"*";
    const std::u32string_view broad = U"mwMWOQG@%&+=<>~#^";
    if (thin.find(c) != std::u32string_view::npos)
        return 0.34;
    if (narrow.find(c) != std::u32string_view::npos)
        return 0.42;
    if (broad.find(c) != std::u32string_view::npos)
        return 1.0;
    return c >= U'A' && c <= U'Z' ? 0.76 : 0.645;
}

double code_point_width(char32_t c, double size, Weight weight) {
    const int columns = display_width(c);
    if (columns == 0)
        return 0;
    const double narrow = c < 0x80 ? ascii_em(c) : unknown_em;
    const double em = columns == 2 ? wide_em : narrow;
    return em * size * (weight == Weight::bold ? bold_factor : 1.0);
}

bool may_break_after(char32_t c) {
    return std::u32string_view{U" .-/\\,:@_"}.find(c) != std::u32string_view::npos;
}

std::string without_trailing_blanks(std::string_view line) {
    const std::size_t last = line.find_last_not_of(' ');
    return std::string{line.substr(0, last == std::string_view::npos ? 0 : last + 1)};
}

}  // namespace

double text_width(std::string_view text, double size, Weight weight) {
    double sum = 0;
    for (std::size_t offset = 0; offset < text.size();)
        sum += code_point_width(next_code_point(text, offset), size, weight);
    return sum;
}

std::vector<std::string> wrap_text(
    std::string_view text, double size, Weight weight, double width
) {
    std::vector<std::string> lines;
    std::size_t start = 0;      // of the line
    std::size_t breakable = 0;  // where it could end, when past `start`
    double used = 0;
    double used_to_break = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t here = offset;
        const char32_t c = next_code_point(text, offset);
        const double w = code_point_width(c, size, weight);
        if (used + w > width && here > start && c != U' ') {
            const bool at_break = breakable > start;
            const std::size_t end = at_break ? breakable : here;
            lines.push_back(without_trailing_blanks(text.substr(start, end - start)));
            used = at_break ? used - used_to_break : 0;
            start = end;
        }
        used += w;
        if (may_break_after(c)) {
            breakable = offset;
            used_to_break = used;
        }
    }
    if (start < text.size() || lines.empty())
        lines.push_back(without_trailing_blanks(text.substr(start)));
    return lines;
}

}  // namespace pchat::topology
