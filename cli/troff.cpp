// SPDX-License-Identifier: Apache-2.0
#include "cli/troff.h"

#include "base/unicode.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

/// `words` in backticks become bold.
std::string marked(std::string_view text) {
    std::string out;
    bool bold = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('`'), text.size());
        out += troff_escape(text.substr(0, end));
        text.remove_prefix(end);
        if (text.empty())
            break;
        text.remove_prefix(1);
        bold = !bold;
        out += bold ? "\\fB" : "\\fR";
    }
    return out;
}

std::string guarded(std::string line) {
    // A dot or a quote at the start of a line is a request.
    return !line.empty() && (line[0] == '.' || line[0] == '\'') ? "\\&" + line : line;
}

}  // namespace

std::string troff_escape(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t point = next_code_point(text, at);
        if (point == '\\')
            out += "\\e";
        else if (point == '-')
            out += "\\-";
        else if (point == '\'')
            out += "\\(aq";
        else if (point == '^' || point == '~')
            out += point == '^' ? "\\(ha" : "\\(ti";
        else if (point < 0x80)
            out += static_cast<char>(point);
        else
            out += fmt::format("\\[u{:04X}]", static_cast<unsigned>(point));
    }
    return out;
}

Troff::Troff(std::string_view title, std::string_view source) {
    text_ =
        ".\\\" Made from the command table of pchatctl; changes belong there and into cli/help.\n";
    text_ += fmt::format(
        ".TH {} 1 \"\" \"{}\" \"Persistent chat\"\n", troff_escape(title), troff_escape(source)
    );
    text_ += ".nh\n.ad l\n";
}

void Troff::section(std::string_view title) {
    text_ += fmt::format(".SH {}\n", troff_escape(title));
}

void Troff::subsection(std::string_view title) {
    text_ += fmt::format(".SS {}\n", troff_escape(title));
}

void Troff::paragraph(std::string_view text) {
    text_ += ".PP\n";
    line(text);
}

void Troff::line(std::string_view text) {
    text_ += guarded(marked(text)) + "\n";
}

void Troff::tagged(std::string_view tag, std::string_view text) {
    text_ += fmt::format(".TP\n\\fB{}\\fR\n", troff_escape(tag));
    line(text);
}

void Troff::block(const HelpBlock& block) {
    if (block.kind == HelpBlock::Kind::paragraph)
        return paragraph(block.text);
    if (block.kind == HelpBlock::Kind::item) {
        text_ += ".IP \\(bu 2\n";
        return line(block.text);
    }
    text_ += ".PP\n.RS 4\n.nf\n";
    for (std::size_t at = 0; at < block.text.size();) {
        const std::size_t end = block.text.find('\n', at);
        text_ += guarded(troff_escape(block.text.substr(at, end - at))) + "\n";
        at = end + 1;
    }
    text_ += ".fi\n.RE\n";
}

}  // namespace pchat::cli
