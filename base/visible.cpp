// SPDX-License-Identifier: Apache-2.0
#include "base/visible.h"

#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pchat {
namespace {

struct Range {
    char32_t first, last;
};

bool is_in(const Range* begin, const Range* end, char32_t c) {
    return std::any_of(begin, end, [c](const Range& one) {
        return c >= one.first && c <= one.last;
    });
}

// Default_Ignorable_Code_Point of Unicode 15, in two parts.
constexpr std::array shaping{
    Range{0x180B, 0x180D},    // Mongolian variation selectors
    Range{0x200C, 0x200D},    // joiners
    Range{0xFE00, 0xFE0F},    // variation selectors
    Range{0xE0020, 0xE007F},  // tags: flags of countries within countries
    Range{0xE0100, 0xE01EF}   // variation selectors
};
constexpr std::array unseen{
    Range{0x00AD, 0x00AD},
    Range{0x034F, 0x034F},
    Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},
    Range{0x180E, 0x180F},
    Range{0x200B, 0x200B},
    Range{0x2060, 0x206F},
    Range{0x3164, 0x3164},
    Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},
    Range{0xFFF0, 0xFFFB},  // with the interlinear annotations
    Range{0x1BCA0, 0x1BCA3},
    Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE001F},
    Range{0xE0080, 0xE00FF},
    Range{0xE01F0, 0xE0FFF}};

}  // namespace

bool is_visible(std::string_view name) {
    if (printable(name) != name)
        return false;
    bool seen = name.empty();
    for (std::size_t at = 0; at < name.size();) {
        const char32_t c = next_code_point(name, at);
        if (is_in(unseen.begin(), unseen.end(), c))
            return false;
        seen = seen || !is_in(shaping.begin(), shaping.end(), c);
    }
    return seen;
}

}  // namespace pchat
