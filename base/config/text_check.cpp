// SPDX-License-Identifier: Apache-2.0
#include "base/config/text_check.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::config {
namespace {

Diagnostic unreadable(Span at, std::string message, std::string hint) {
    return {.rule = "SHAPE-01", .at = at, .message = std::move(message), .hint = std::move(hint)};
}

Span one_byte(std::size_t offset) {
    const auto at = static_cast<std::uint32_t>(offset);
    return {at, at + 1};
}

bool is_forbidden_control(unsigned char byte) {
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

std::optional<Diagnostic> bad_encoding(std::string_view text) {
    const auto invalid = first_invalid_utf8(text);
    if (!invalid)
        return std::nullopt;
    const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    if (utf16)
        return unreadable(
            {0, 2},
            "the file is UTF-16, not UTF-8",
            "save it as UTF-8, or: iconv -f UTF-16 -t UTF-8 OLD > NEW"
        );
    return unreadable(
        one_byte(*invalid),
        fmt::format(
            "byte 0x{:02X} is not valid UTF-8",
            static_cast<unsigned>(static_cast<unsigned char>(text[*invalid]))
        ),
        "save the file as UTF-8; from Latin-1: iconv -f LATIN1 -t UTF-8 OLD > NEW"
    );
}

std::optional<Diagnostic> bad_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool lone_return = byte == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n');
        if (lone_return)
            return unreadable(
                one_byte(i),
                "a carriage return stands without a line feed",
                "end lines with LF or CR LF, not with CR alone"
            );
        if (is_forbidden_control(byte))
            return unreadable(
                one_byte(i),
                fmt::format(
                    "control character U+{:04X} is not allowed", static_cast<unsigned>(byte)
                ),
                byte == 0 ? "this looks like a binary file, or one cut off while it was written"
                          : "remove the character"
            );
    }
    return std::nullopt;
}

// The tab that indents the line of `offset` or the one before it, if one does: the parser complains
// about something else then.
std::optional<Span> tab_indentation(const SourceText& source, std::uint32_t offset) {
    const int last = source.position(offset).line;
    for (int number = last; number >= std::max(1, last - 1); --number) {
        const std::string_view line = source.line(number);
        const std::size_t first_text = line.find_first_not_of(" \t");
        const std::size_t tab = line.substr(0, first_text).find('\t');
        if (tab != std::string_view::npos && first_text != std::string_view::npos)
            return one_byte(source.line_start(number) + tab);
    }
    return std::nullopt;
}

struct Wording {
    std::string_view complaint;  // as yaml-cpp begins it
    std::string_view message;
    std::string_view hint;
};

constexpr std::string_view quote_hint =
    "if the colon or bracket belongs to a text, put the text in quotes";

constexpr std::array wordings{
    Wording{"illegal map value", "a ':' stands where no key can be", quote_hint},
    Wording{"illegal map key", "a key stands where none can be", quote_hint},
    Wording{
        "illegal block entry",
        "a '- ' stands where no list item can be",
        "give the items of a list the same indentation"},
    Wording{
        "end of map not found",
        "the indentation does not fit the lines above",
        "keys of one object begin in the same column"},
    Wording{
        "end of sequence not found",
        "the indentation does not fit the lines above",
        "items of one list begin in the same column"},
    Wording{
        "illegal flow end",
        "a closing bracket has no opening one",
        "remove it, or open the list or object before"},
    Wording{
        "illegal EOF in scalar",
        "a quoted text is not closed",
        "close it with the same quote that opened it"},
    Wording{
        "illegal document indicator in scalar",
        "a quoted text is not closed before '---' or '...'",
        "close it with the same quote that opened it"},
    Wording{
        "unknown escape character",
        "an escape in a double-quoted text is not known to YAML",
        R"(write \\ for a backslash, or use single quotes)"},
    Wording{
        "bad character found while scanning hex number",
        "an escape in a double-quoted text needs hexadecimal digits",
        R"(\x takes 2, \u takes 4, \U takes 8)"},
    Wording{
        "unknown token", "a character stands where no value can begin", "put the text in quotes"},
    Wording{
        "the referenced anchor is not defined",
        "aliases ('*name') are not supported",
        "write the value out"},
};

}  // namespace

std::optional<Diagnostic> unfit_text(const SourceText& source, const DocumentLimits& limits) {
    const std::string_view text = source.text();
    if (text.size() > limits.bytes)
        return unreadable(
            {0, 0},
            fmt::format("the file has {} bytes; at most {} are read", text.size(), limits.bytes),
            "is this the right file?"
        );
    if (auto problem = bad_encoding(text))
        return problem;
    return bad_control(text);
}

Diagnostic explain_syntax_error(
    const SourceText& source,
    std::uint32_t offset,
    const std::string& complaint,
    std::optional<Span> open_flow
) {
    const auto size = static_cast<std::uint32_t>(source.text().size());
    offset = std::min(offset, size);
    if (const auto tab = tab_indentation(source, offset))
        return unreadable(
            *tab, "a tab indents this line", "YAML allows only blanks for indentation"
        );
    const bool flow_open =
        complaint.starts_with("end of sequence flow") || complaint.starts_with("end of map flow");
    if (open_flow && (flow_open || offset == size)) {
        const bool list = source.slice(*open_flow).starts_with('[');
        return unreadable(
            *open_flow,
            fmt::format(
                "the {} opened with '{}' is not closed", list ? "list" : "object", list ? '[' : '{'
            ),
            fmt::format("close it with '{}', or look for a missing comma", list ? ']' : '}')
        );
    }
    Span at{offset, offset == size ? offset : offset + 1};
    if (complaint.starts_with("unknown escape character") && offset >= 2)
        at = {offset - 2, offset};  // the parser has read past it
    for (const Wording& wording : wordings)
        if (complaint.starts_with(wording.complaint))
            return unreadable(at, std::string{wording.message}, std::string{wording.hint});
    return unreadable(at, fmt::format("not readable as YAML: {}", complaint), {});
}

}  // namespace pchat::config
