// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic.h"

#include "base/unicode.h"
#include "base/written_secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

constexpr int tab_width = 4;
constexpr int widest_excerpt = 110;  // columns of a source line that are shown
constexpr int lead_in = 40;          // columns kept before the caret of a longer one

struct Paint {
    std::string_view error = "";
    std::string_view warning = "";
    std::string_view strong = "";
    std::string_view caret = "";
    std::string_view off = "";
};

Paint paint_for(Colour colour) {
    if (colour == Colour::no)
        return {};
    return {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1m", "\x1b[1;32m", "\x1b[0m"};
}

// One source line as a terminal shows it, with the caret's place in columns.
struct Excerpt {
    std::string text;
    int caret = 0;  // columns before it
    int width = 1;  // columns under it
};

// Appends `c` as it is shown; tabs become blanks, so that the caret line needs no tabs.
int append_shown(std::string& out, std::string_view bytes, char32_t c, int column) {
    if (c == '\t') {
        const int width = tab_width - column % tab_width;
        out.append(static_cast<std::size_t>(width), ' ');
        return width;
    }
    const std::string shown = printable(bytes);
    out += shown;
    return display_width(shown);
}

// `secrets` are sorted and apart from each other.
bool is_hidden(const std::vector<Span>& secrets, std::size_t offset) {
    const auto after = std::upper_bound(
        secrets.begin(),
        secrets.end(),
        offset,
        [](std::size_t at, const Span& span) { return at < span.begin; }
    );
    return after != secrets.begin() && offset < std::prev(after)->end;
}

// In order, those that overlap as one: a large text may have very many.
std::vector<Span> joined(std::vector<Span> spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
        return a.begin < b.begin;
    });
    std::vector<Span> out;
    for (const Span& span : spans) {
        if (!out.empty() && span.begin <= out.back().end)
            out.back().end = std::max(out.back().end, span.end);
        else
            out.push_back(span);
    }
    return out;
}

Excerpt excerpt(
    const SourceText& source, const Diagnostic& diagnostic, const std::vector<Span>& secrets
) {
    const int number = source.position(diagnostic.at.begin).line;
    const std::string_view line = source.line(number);
    const std::size_t start = source.line_start(number);
    const std::size_t begin = diagnostic.at.begin > start ? diagnostic.at.begin - start : 0;
    const std::size_t end =
        std::max<std::size_t>(diagnostic.at.end > start ? diagnostic.at.end - start : 0, begin);
    Excerpt out;
    int column = 0;
    int caret_end = -1;
    // Far lines are walked from near the caret: a minified document is one line.
    std::size_t offset = 0;
    if (begin > 4U * widest_excerpt) {
        offset = begin - lead_in;
        while (offset < begin && (static_cast<unsigned char>(line[offset]) & 0xC0U) == 0x80U)
            ++offset;
        out.text = "…";
        column = 1;
    }
    bool passed = false;
    while (offset < line.size() && column < (passed ? out.caret : column) + widest_excerpt) {
        if (!passed && offset >= begin) {
            out.caret = column;
            passed = true;
        }
        if (caret_end < 0 && offset >= end && offset > begin)
            caret_end = column;
        const std::size_t from = offset;
        const char32_t c = next_code_point(line, offset);
        column += is_hidden(secrets, start + from)
                      ? append_shown(out.text, "*", '*', column)
                      : append_shown(out.text, line.substr(from, offset - from), c, column);
    }
    if (offset < line.size())
        out.text += "…";
    if (!passed)
        out.caret = column;
    out.width = std::max(1, (caret_end < 0 ? column : caret_end) - out.caret);
    return out;
}

std::string place(const SourceText& source, std::uint32_t offset) {
    const Position at = source.position(offset);
    return fmt::format("{}:{}:{}", printable(source.name()), at.line, at.column);
}

std::string github_escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '%':
            out += "%25";
            break;
        case '\r':
            out += "%0D";
            break;
        case '\n':
            out += "%0A";
            break;
        case ':':
            out += property ? "%3A" : ":";
            break;
        case ',':
            out += property ? "%2C" : ",";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Another finding on the same line must not show what one of them hides; and a finding about a text
// that cannot be read, or about an unknown key, does not know what stands there.
std::vector<Span> secrets_of(const SourceText& source, const std::vector<Diagnostic>& diagnostics) {
    std::vector<Span> out = written_secrets(source.text());
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.secret)
            out.push_back(diagnostic.at);
        if (diagnostic.hides != Span{})
            out.push_back(diagnostic.hides);
    }
    return joined(std::move(out));
}

std::string render_one(
    const SourceText& source,
    const Diagnostic& diagnostic,
    const std::vector<Span>& secrets,
    Colour colour
) {
    const Paint paint = paint_for(colour);
    const std::string_view tone =
        diagnostic.severity == Severity::error ? paint.error : paint.warning;
    std::string out = fmt::format(
        "{}: {}{}[{}]{}: {}{}{}\n",
        place(source, diagnostic.at.begin),
        tone,
        to_string(diagnostic.severity),
        diagnostic.rule,
        paint.off,
        paint.strong,
        printable(diagnostic.message),
        paint.off
    );
    const int number = source.position(diagnostic.at.begin).line;
    if (!source.text().empty() && diagnostic.at != Span{}) {
        const Excerpt shown = excerpt(source, diagnostic, secrets);
        const std::string gutter(fmt::format("{:5}", number).size(), ' ');
        std::string mark(static_cast<std::size_t>(shown.width), '~');
        mark.front() = '^';
        const std::string remark =
            diagnostic.remark.empty() ? "" : " " + printable(diagnostic.remark);
        out += fmt::format("{:5} | {}\n", number, shown.text);
        out += fmt::format(
            "{} | {}{}{}{}{}\n",
            gutter,
            std::string(static_cast<std::size_t>(shown.caret), ' '),
            paint.caret,
            mark,
            remark,
            paint.off
        );
    }
    for (const DiagnosticNote& note : diagnostic.notes)
        out += fmt::format("  {}: {}\n", place(source, note.at.begin), printable(note.message));
    if (!diagnostic.hint.empty())
        out += fmt::format("  hint: {}\n", printable(diagnostic.hint));
    return out;
}

}  // namespace

std::string_view to_string(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

Tally tally(const std::vector<Diagnostic>& diagnostics) {
    Tally out;
    for (const Diagnostic& d : diagnostics) {
        if (d.accepted)
            ++out.accepted;
        else if (d.severity == Severity::error)
            ++out.errors;
        else
            ++out.warnings;
    }
    return out;
}

void sort_by_place(std::vector<Diagnostic>& diagnostics) {
    const auto key = [](const Diagnostic& d) {
        return std::tuple(d.at.begin, d.severity, std::string_view{d.rule});
    };
    std::stable_sort(
        diagnostics.begin(),
        diagnostics.end(),
        [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); }
    );
}

std::string render_text(const SourceText& source, const Diagnostic& diagnostic, Colour colour) {
    return render_one(source, diagnostic, secrets_of(source, {diagnostic}), colour);
}

std::string render_text(
    const SourceText& source, const std::vector<Diagnostic>& diagnostics, Colour colour
) {
    std::string out;
    const std::vector<Span> secrets = secrets_of(source, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics)
        if (!diagnostic.accepted)
            out += render_one(source, diagnostic, secrets, colour);
    const Tally count = tally(diagnostics);
    out += fmt::format(
        "{}: {}, {}{}\n",
        printable(source.name()),
        counted(count.errors, "error"),
        counted(count.warnings, "warning"),
        count.accepted == 0 ? "" : fmt::format(" ({} accepted)", count.accepted)
    );
    return out;
}

std::string render_github(const SourceText& source, const std::vector<Diagnostic>& diagnostics) {
    std::string out;
    for (const Diagnostic& d : diagnostics) {
        if (d.accepted)
            continue;
        const Position at = source.position(d.at.begin);
        const std::string text = d.hint.empty() ? d.message : d.message + "\n" + d.hint;
        out += fmt::format(
            "::{} file={},line={},col={},title={}::{}\n",
            to_string(d.severity),
            github_escaped(source.name(), true),
            at.line,
            at.column,
            github_escaped(d.rule, true),
            github_escaped(text, false)
        );
    }
    return out;
}

}  // namespace pchat
