// SPDX-License-Identifier: Apache-2.0
#include "server/domain/rtf_text.h"

#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace pchat {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Groups that hold no text of the document.
bool is_destination(std::string_view word) {
    constexpr std::array<std::string_view, 9> hidden{
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "header",
        "footer",
        "object",
        "generator"};
    return std::find(hidden.begin(), hidden.end(), word) != hidden.end();
}

void append_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0U | (c >> 6U));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0U | (c >> 12U));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (c >> 18U));
        out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    }
}

class RtfReader {
public:
    explicit RtfReader(std::string_view rtf) : rtf_(rtf) {}

    std::string read() {
        while (at_ < rtf_.size()) {
            const char c = rtf_[at_++];
            if (c == '{')
                groups_.push_back(groups_.back());
            else if (c == '}')
                leave();
            else if (c == '\\')
                control();
            else if (c != '\r' && c != '\n')
                put(c);
        }
        return std::move(out_);
    }

private:
    struct Group {
        bool hidden = false;
        int fallback = 1;  // characters after \u for programs that do not know it
    };

    Group& group() { return groups_.back(); }

    void leave() {
        if (groups_.size() > 1)
            groups_.pop_back();
        skip_ = 0;
    }

    void put(char c) {
        if (skip_ > 0)
            --skip_;
        else if (!group().hidden)
            out_ += c;
    }

    void put(char32_t c) {
        if (skip_ > 0)
            --skip_;
        else if (!group().hidden)
            append_utf8(out_, c);
    }

    void control() {
        if (at_ >= rtf_.size())
            return;
        if (!is_letter(rtf_[at_])) {
            symbol(rtf_[at_++]);
            return;
        }
        const std::size_t begin = at_;
        while (at_ < rtf_.size() && is_letter(rtf_[at_]))
            ++at_;
        const std::string_view word = rtf_.substr(begin, at_ - begin);
        std::optional<int> number;
        int value = 0;
        const auto [end, problem] =
            std::from_chars(rtf_.data() + at_, rtf_.data() + rtf_.size(), value);
        if (problem == std::errc{}) {
            number = value;
            at_ = static_cast<std::size_t>(end - rtf_.data());
        }
        if (at_ < rtf_.size() && rtf_[at_] == ' ')
            ++at_;
        obey(word, number);
    }

    void symbol(char c) {
        if (c == '*') {
            group().hidden = true;
        } else if (c == '\'') {
            unsigned value = 0;
            const std::size_t end = std::min(at_ + 2, rtf_.size());
            std::from_chars(rtf_.data() + at_, rtf_.data() + end, value, 16);
            at_ = end;
            if (value >= ' ')
                put(static_cast<char32_t>(value));
        } else if (c == '~') {
            put(' ');
        } else if (c == '\\' || c == '{' || c == '}') {
            put(c);
        } else if (c == '\n' || c == '\r') {
            put('\n');
        }
    }

    void obey(std::string_view word, std::optional<int> number) {
        if (word == "par" || word == "line" || word == "tab" || word == "cell" || word == "row")
            put('\n');
        else if (word == "uc")
            group().fallback = std::clamp(number.value_or(1), 0, 8);
        else if (word == "u" && number)
            unit(static_cast<std::uint16_t>(*number));
        else if (is_destination(word))
            group().hidden = true;
    }

    // \u writes UTF-16 units, as signed numbers.
    void unit(std::uint16_t value) {
        const bool low = value >= 0xDC00 && value <= 0xDFFF;
        if (value >= 0xD800 && value <= 0xDBFF) {
            high_ = value;
        } else if (low && high_ != 0) {
            put(static_cast<char32_t>(0x10000U + ((high_ - 0xD800U) << 10U) + (value - 0xDC00U)));
            high_ = 0;
        } else if (!low && value >= ' ') {
            put(static_cast<char32_t>(value));
        }
        skip_ = group().fallback;
    }

    std::string_view rtf_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<Group> groups_{Group{}};
    int skip_ = 0;
    std::uint32_t high_ = 0;
};

}  // namespace

std::string rtf_text(std::string_view rtf) {
    if (!rtf.starts_with("{\\rtf"))
        return std::string{rtf};
    return RtfReader{rtf}.read();
}

}  // namespace pchat
