// SPDX-License-Identifier: Apache-2.0
#include "cli/help_page.h"

#include "base/unicode.h"
#include "cli/help_text.h"
#include "cli/help_topics.h"
#include "cli/synopsis.h"
#include "cli/ui/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace pchat::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t indent = 2;
constexpr std::size_t widest_left = 30;

/// One page while it grows.
class Page {
public:
    explicit Page(bool colour) : colour_(colour) {}

    void line(const std::string& text) { text_ += text + "\n"; }
    void heading(const std::string& title) {
        text_ += "\n" + styled(title, Style::strong, colour_) + "\n";
    }
    void add(const std::string& text) { text_ += text; }
    [[nodiscard]] std::string take() { return std::move(text_); }

    void columns(const std::string& title, const Rows& rows) {
        if (rows.empty())
            return;
        heading(title);
        add(two_columns(rows));
    }

    void section(const std::string& title, const HelpSection& section) {
        heading(title);
        bool first = true;
        const HelpBlock* before = nullptr;
        for (const HelpBlock& block : section.blocks) {
            const bool list_goes_on =
                before && before->kind == block.kind && block.kind == HelpBlock::Kind::item;
            const bool sentence_for_code = before && before->kind == HelpBlock::Kind::paragraph &&
                                           block.kind == HelpBlock::Kind::code;
            if (!first && !list_goes_on && !sentence_for_code)
                text_ += "\n";
            add_block(block);
            before = &block;
            first = false;
        }
    }

private:
    void add_block(const HelpBlock& block) {
        if (block.kind == HelpBlock::Kind::code) {
            for (std::size_t at = 0; at < block.text.size();) {
                const std::size_t end = block.text.find('\n', at);
                for (const std::string& line :
                     fold_command(block.text.substr(at, end - at), 80 - 2 * indent))
                    text_ += std::string(2 * indent, ' ') + line + "\n";
                at = end + 1;
            }
        } else if (block.kind == HelpBlock::Kind::item) {
            std::string lines = wrap(without_marks(block.text), 2 * indent);
            lines[indent] = '-';
            text_ += lines;
        } else {
            text_ += wrap(without_marks(block.text), indent);
        }
    }

    std::string text_;
    bool colour_;
};

std::string usage(const std::string& start, const std::vector<std::string>& pieces) {
    std::string lines;
    std::string line = std::string(indent, ' ') + start;
    const std::string margin(std::min(line.size() + 1, std::size_t{24}), ' ');
    for (const std::string& piece : pieces) {
        if (line.size() + 1 + piece.size() > 80) {
            lines += line + "\n";
            line = margin + piece;
        } else {
            line += " " + piece;
        }
    }
    return lines + line + "\n";
}

Rows rows_of(const std::vector<Arg>& args, bool positional) {
    Rows rows;
    for (const Arg& arg : args)
        if (arg.positional == positional && !arg.hidden)
            rows.emplace_back(heading(arg), without_marks(explanation(arg)));
    return rows;
}

/// A word below a prefix with what it is for.
std::string summary_of(const CommandTable& table, const std::string& path) {
    if (const Command* command = table.find(path))
        return command->summary;
    const std::string noun = table.noun_summary(path);
    return noun.empty() ? fmt::format("{}", fmt::join(table.next_words(path), ", ")) : noun;
}

bool is_described_apart(const std::string& title) {
    return title.empty() || title == "Examples" || title == "Exit codes" || title == "See also";
}

std::string upper(std::string title) {
    for (char& c : title)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return title;
}

}  // namespace

std::string two_columns(const Rows& rows) {
    std::size_t widest = 0;
    for (const auto& [left, right] : rows)
        if (left.size() <= widest_left)
            widest = std::max(widest, left.size());
    const std::size_t start = indent + widest + 2;
    std::string text;
    for (const auto& [left, right] : rows) {
        const std::string lines = wrap(right, start);
        const std::string label = std::string(indent, ' ') + left;
        if (left.size() > widest || lines.empty())
            text += label + "\n" + lines;
        else
            text += label + lines.substr(label.size());
    }
    return text;
}

std::vector<std::pair<std::string, std::string>> exit_codes_of(const Command& command) {
    std::map<int, std::string> codes;
    for (const ExitCode& code : exit_codes())
        if (code.code <= 2)
            codes[code.code] = code.meaning;
    const HelpText help = read_help(command.help);
    if (const HelpSection* section = help.find("Exit codes"))
        for (const HelpBlock& block : section->blocks)
            if (const std::size_t colon = block.text.find(": "); colon != std::string::npos)
                codes[std::stoi(block.text)] = without_marks(block.text.substr(colon + 2));
    Rows rows;
    for (const auto& [code, meaning] : codes)
        rows.emplace_back(std::to_string(code), meaning);
    return rows;
}

std::string overview_page(const CommandTable& table, bool colour) {
    Page page(colour);
    page.line("pchatctl - plan, check and run persistent chat deployments");
    page.heading("USAGE");
    page.add(usage("pchatctl", {"<noun>", "<verb>", "[arguments]", "[flags]"}));
    Rows nouns;
    Rows others;
    for (const std::string& word : table.next_words(""))
        (table.find(word) ? others : nouns).emplace_back(word, summary_of(table, word));
    page.columns("NOUNS", nouns);
    page.columns("OTHER COMMANDS", others);
    Rows topics;
    for (const HelpTopic& topic : help_topics())
        topics.emplace_back(topic.name, topic.summary);
    page.columns("HELP TOPICS", topics);
    page.heading("SEE ALSO");
    page.line("  pchatctl <noun> --help, pchatctl help <topic>");
    return page.take();
}

std::string noun_page(const CommandTable& table, const std::string& prefix, bool colour) {
    Page page(colour);
    const std::string summary = table.noun_summary(prefix);
    page.add(wrap(fmt::format("pchatctl {}{}{}", prefix, summary.empty() ? "" : " - ", summary), 0)
    );
    page.heading("USAGE");
    page.add(usage("pchatctl " + prefix, {"<verb>", "[arguments]", "[flags]"}));
    Rows verbs;
    for (const std::string& word : table.next_words(prefix))
        verbs.emplace_back(word, summary_of(table, prefix + " " + word));
    page.columns("VERBS", verbs);
    page.heading("SEE ALSO");
    page.line(fmt::format("  pchatctl {} <verb> --help", prefix));
    return page.take();
}

std::string command_page(const BoundCommand& bound, bool colour) {
    const Command& command = bound.command();
    const HelpText help = read_help(command.help);
    Page page(colour);
    page.add(wrap(fmt::format("pchatctl {} - {}", command.path, command.summary), 0));
    page.heading("USAGE");
    page.add(usage("pchatctl " + command.path, synopsis(bound)));
    if (const HelpSection* description = help.find(""))
        page.section("DESCRIPTION", *description);
    if (const HelpSection* examples = help.find("Examples"))
        page.section("EXAMPLES", *examples);
    page.columns("ARGUMENTS", rows_of(bound.own(), /*positional=*/true));
    page.columns("FLAGS", rows_of(bound.own(), /*positional=*/false));
    page.columns("GLOBAL FLAGS", rows_of(bound.global(), /*positional=*/false));
    for (const HelpSection& section : help.sections)
        if (!is_described_apart(section.title))
            page.section(upper(section.title), section);
    page.columns("EXIT CODES", exit_codes_of(command));
    if (const HelpSection* also = help.find("See also"))
        page.section("SEE ALSO", *also);
    return page.take();
}

}  // namespace pchat::cli
