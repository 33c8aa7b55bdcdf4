// SPDX-License-Identifier: Apache-2.0
#include "cli/help_text.h"

#include "base/unicode.h"

#include <algorithm>

namespace pchat::cli {
namespace {

constexpr std::string_view heading_mark = "## ";
constexpr std::string_view item_mark = "- ";
constexpr std::string_view code_mark = "    ";
constexpr char hard_blank = '\x1f';  // one where wrap() must not break

bool starts_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

/// Puts the lines of a page into sections and blocks.
class Reader {
public:
    HelpText take() {
        if (help_.sections.front().blocks.empty())
            help_.sections.erase(help_.sections.begin());
        return std::move(help_);
    }

    void line(std::string_view text) {
        if (starts_with(text, heading_mark)) {
            help_.sections.push_back({std::string(text.substr(heading_mark.size())), {}});
            open_ = false;
        } else if (starts_with(text, code_mark)) {
            add(HelpBlock::Kind::code, text.substr(code_mark.size()));
        } else if (text.empty()) {
            open_ = false;
        } else if (starts_with(text, item_mark)) {
            open_ = false;
            add(HelpBlock::Kind::item, text.substr(item_mark.size()));
        } else {
            prose(text);
        }
    }

private:
    void prose(std::string_view text) {
        std::vector<HelpBlock>& blocks = help_.sections.back().blocks;
        const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
        if (open_ && !blocks.empty() && blocks.back().kind != HelpBlock::Kind::code)
            blocks.back().text.append(" ").append(text.substr(start));
        else
            add(HelpBlock::Kind::paragraph, text);
    }

    void add(HelpBlock::Kind kind, std::string_view text) {
        std::vector<HelpBlock>& blocks = help_.sections.back().blocks;
        if (kind == HelpBlock::Kind::code) {
            if (blocks.empty() || blocks.back().kind != kind)
                blocks.push_back({kind, {}});
            blocks.back().text.append(text).append("\n");
        } else {
            blocks.push_back({kind, std::string(text)});
        }
        open_ = true;
    }

    HelpText help_{{HelpSection{}}};
    bool open_ = false;  // the next line of prose goes on with the last block
};

/// Where a command line may be cut: the blank before the last flag that begins within `width`; npos
/// when there is none.
std::size_t last_flag_within(const std::string& line, std::size_t width) {
    std::size_t found = line.npos;
    char quote = 0;
    for (std::size_t i = line.find_first_not_of(' ');
         i != line.npos && i + 1 < line.size() && i <= width;
         ++i) {
        const char c = line[i];
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == ' ' && line[i + 1] == '-')
            found = i;
    }
    return found;
}

}  // namespace

const HelpSection* HelpText::find(std::string_view title) const {
    for (const HelpSection& section : sections)
        if (section.title == title)
            return &section;
    return nullptr;
}

HelpText read_help(std::string_view page) {
    Reader reader;
    while (!page.empty()) {
        const std::size_t end = std::min(page.find('\n'), page.size());
        reader.line(page.substr(0, end));
        page.remove_prefix(std::min(end + 1, page.size()));
    }
    return reader.take();
}

std::vector<std::string> example_lines(const HelpText& help) {
    std::vector<std::string> lines;
    const HelpSection* examples = help.find("Examples");
    if (!examples)
        return lines;
    bool goes_on = false;
    for (const HelpBlock& block : examples->blocks) {
        if (block.kind != HelpBlock::Kind::code)
            continue;
        for (std::size_t at = 0; at < block.text.size();) {
            const std::size_t end = block.text.find('\n', at);
            std::string line = block.text.substr(at, end - at);
            at = end + 1;
            const bool more = !line.empty() && line.back() == '\\';
            if (more)
                line.pop_back();
            if (goes_on)
                lines.back() += line;
            else
                lines.push_back(line);
            goes_on = more;
        }
    }
    return lines;
}

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
    const std::string margin(indent, ' ');
    std::string lines;
    std::string line;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string word(text.substr(0, end));
        std::replace(word.begin(), word.end(), hard_blank, ' ');
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        const int columns = display_width(line) + 1 + display_width(word);
        if (!line.empty() && indent + static_cast<std::size_t>(columns) > width) {
            lines += margin + line + "\n";
            line.clear();
        }
        if (!line.empty())
            line += ' ';
        line += word;
    }
    return line.empty() ? lines : lines + margin + line + "\n";
}

std::vector<std::string> fold_command(std::string line, std::size_t width) {
    constexpr std::size_t continuation = 4;
    constexpr std::string_view backslash = " \\";
    const std::size_t lead = std::min(line.find_first_not_of(' '), line.size());
    const std::string margin(std::max(lead, continuation), ' ');
    std::vector<std::string> lines;
    while (line.size() > width) {
        const std::size_t cut = last_flag_within(line, width - backslash.size());
        if (cut == line.npos)
            break;
        lines.push_back(line.substr(0, cut) + std::string(backslash));
        line = margin + line.substr(cut + 1);
    }
    lines.push_back(std::move(line));
    return lines;
}

std::string without_marks(std::string_view text) {
    std::string plain;
    bool literal = false;
    for (const char c : text) {
        if (c == '`')
            literal = !literal;
        else
            plain += literal && c == ' ' ? hard_blank : c;
    }
    return plain;
}

}  // namespace pchat::cli
