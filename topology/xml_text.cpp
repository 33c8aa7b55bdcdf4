// SPDX-License-Identifier: Apache-2.0
#include "topology/xml_text.h"

#include "base/unicode.h"

namespace pchat::topology {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool allowed(char32_t c) {
    const bool control = c < 0x20 && c != U'\t' && c != U'\n' && c != U'\r';
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !control && !surrogate && c != 0xFFFE && c != 0xFFFF && c <= 0x10FFFF;
}

}  // namespace

std::string xml_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t start = offset;
        const char32_t c = next_code_point(text, offset);
        const bool malformed = c == 0xFFFD && offset - start == 1;
        switch (c) {
        case U'&':
            out += "&amp;";
            break;
        case U'<':
            out += "&lt;";
            break;
        case U'>':
            out += "&gt;";
            break;
        case U'"':
            out += "&quot;";
            break;
        case U'\'':
            out += "&#39;";
            break;
        default:
            out += malformed || !allowed(c) ? replacement : text.substr(start, offset - start);
        }
    }
    return out;
}

}  // namespace pchat::topology
