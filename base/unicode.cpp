// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/usprep.h>

#include <algorithm>

namespace pchat {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Decoded {
    char32_t code_point;
    std::size_t bytes;  // 0: malformed
};

bool is_continuation(unsigned char byte) {
    return (byte & 0xC0U) == 0x80U;
}

// Well-formed UTF-8 as the Unicode standard's table 3-7 has it: no overlong forms, no surrogates.
Decoded decode(std::string_view text, std::size_t offset) {
    const auto at = [&](std::size_t i) {
        return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i])
                                        : static_cast<unsigned char>(0);
    };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return {lead, 1};
    std::size_t length = 0;
    char32_t value = 0;
    char32_t least = 0;
    if ((lead & 0xE0U) == 0xC0U) {
        length = 2;
        value = lead & 0x1FU;
        least = 0x80;
    } else if ((lead & 0xF0U) == 0xE0U) {
        length = 3;
        value = lead & 0x0FU;
        least = 0x800;
    } else if ((lead & 0xF8U) == 0xF0U) {
        length = 4;
        value = lead & 0x07U;
        least = 0x10000;
    } else {
        return {replacement, 0};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(at(i)))
            return {replacement, 0};
        value = (value << 6U) | (at(i) & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least || value > 0x10FFFF || surrogate)
        return {replacement, 0};
    return {value, length};
}

// Characters that change the order of what follows on the screen, so that a text could show
// something else than it says.
bool is_bidi_control(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Scripts that put no blanks between words.
bool is_unspaced(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return true;
    default:
        return false;
    }
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t offset = 0; offset < text.size();) {
        const Decoded next = decode(text, offset);
        if (next.bytes == 0)
            return offset;
        offset += next.bytes;
    }
    return std::nullopt;
}

char32_t next_code_point(std::string_view text, std::size_t& offset) {
    const Decoded next = decode(text, offset);
    offset += std::max<std::size_t>(next.bytes, 1);
    return next.code_point;
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < text.size(); ++count)
        next_code_point(text, offset);
    return count;
}

int display_width(char32_t code_point) {
    if (code_point >= 0x20 && code_point < 0x7F)
        return 1;
    const auto c = static_cast<UChar32>(code_point);
    switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
        return 0;
    default:
        break;
    }
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t offset = 0; offset < text.size();)
        width += display_width(next_code_point(text, offset));
    return width;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t start = offset;
        const char32_t c = next_code_point(text, offset);
        const bool control =
            c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
        const bool malformed = c == replacement && offset - start == 1;
        if (malformed)
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(text[start]));
        else if (control || is_bidi_control(c))
            out += fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(c));
        else
            out += text.substr(start, offset - start);
    }
    return out;
}

std::string lower_ascii(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return lower(x) == lower(y);
           });
}

std::string nfc(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status))
        return std::string{text};
    std::string out;
    form->normalize(icu::UnicodeString::fromUTF8(std::string{text}), status).toUTF8String(out);
    return U_FAILURE(status) ? std::string{text} : out;
}

std::string fold_case(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status))
        return std::string{text};
    // Folding can take a text out of NFC, and two forms of one text may fold apart.
    icu::UnicodeString folded =
        nfc->normalize(icu::UnicodeString::fromUTF8(std::string{text}), status);
    folded.foldCase();
    folded = nfc->normalize(folded, status);
    std::string out;
    folded.toUTF8String(out);
    return out;
}

WordPart word_part(char32_t code_point) {
    const auto c = static_cast<UChar32>(code_point);
    if (c < 0x80) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            return WordPart::letter;
        return c <= ' ' || c == 0x7F ? WordPart::blank : WordPart::between;
    }
    if (u_isUWhiteSpace(c) != 0)
        return WordPart::blank;
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0)
        return WordPart::ignored;
    switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_ENCLOSING_MARK:
        return WordPart::mark;
    case U_OTHER_SYMBOL:
        return WordPart::single;
    case U_DECIMAL_DIGIT_NUMBER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
        return WordPart::letter;
    default:
        break;
    }
    if (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) == 0)
        return WordPart::between;
    return is_unspaced(c) ? WordPart::single : WordPart::letter;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (count-- > 0 && end < text.size())
        next_code_point(text, end);
    return text.substr(0, end);
}

std::string utf16_hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto units = icu::UnicodeString::fromUTF8(std::string{text});
    std::string out;
    out.reserve(static_cast<std::size_t>(units.length()) * 4);
    for (std::int32_t i = 0; i < units.length(); ++i) {
        const unsigned unit = units[i];
        for (const int shift : {4, 0, 12, 8})
            out += digits[(unit >> shift) & 0xF];
    }
    return out;
}

std::string saslprep(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    UStringPrepProfile* profile = usprep_openByType(USPREP_RFC4013_SASLPREP, &status);
    const auto source = icu::UnicodeString::fromUTF8(std::string{text});
    std::u16string room(static_cast<std::size_t>(source.length()) * 18 + 1, u'\0');
    const std::int32_t length = U_FAILURE(status) ? 0
                                                  : usprep_prepare(
                                                        profile,
                                                        source.getBuffer(),
                                                        source.length(),
                                                        room.data(),
                                                        static_cast<std::int32_t>(room.size()),
                                                        USPREP_DEFAULT,
                                                        nullptr,
                                                        &status
                                                    );
    usprep_close(profile);
    if (U_FAILURE(status))
        return std::string{text};
    std::string out;
    icu::UnicodeString{room.data(), length}.toUTF8String(out);
    std::fill(room.begin(), room.end(), u'\0');
    return out;
}

}  // namespace pchat
