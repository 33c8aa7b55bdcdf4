// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include "base/unicode.h"
#include "base/version.h"
#include "cli/bound_command.h"
#include "cli/environment.h"
#include "cli/help_page.h"
#include "cli/help_text.h"
#include "cli/scan.h"
#include "cli/synopsis.h"
#include "cli/troff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pchat::cli {
namespace {

using Commands = std::vector<const Command*>;

Commands shown(const CommandTable& table, const std::string& noun) {
    Commands commands;
    for (const Command* command : table.under(noun))
        if (!command->hidden)
            commands.push_back(command);
    return commands;
}

Troff start_page(const std::string& name, const std::string& summary) {
    Troff page(name, fmt::format("pchatctl {}", version()));
    page.section("NAME");
    page.line(fmt::format("{} - {}", name, summary));
    return page;
}

std::string call_of(const Command& command) {
    return fmt::format(
        "`pchatctl {}` {}", command.path, fmt::join(synopsis(BoundCommand(command)), " ")
    );
}

void add_args(Troff& page, const std::vector<Arg>& args) {
    for (const Arg& arg : args) {
        if (arg.hidden)
            continue;
        const std::string tag = heading(arg);
        page.tagged(std::string_view(tag).substr(tag.find_first_not_of(' ')), explanation(arg));
    }
}

/// The flags that several commands share, -o without the formats of any one of them.
std::vector<Arg> shared_flags(const Commands& commands) {
    std::vector<Arg> flags;
    for (const Command* command : commands) {
        const BoundCommand bound(*command);
        for (const Arg& arg : bound.global())
            if (!find_flag(flags, arg.name))
                flags.push_back(arg);
    }
    for (Arg& flag : flags) {
        if (flag.name != "output")
            continue;
        flag.kind = ValueKind::text;
        flag.value_name = "format";
        flag.default_text.clear();
        flag.help += ", in one of the command's formats";
    }
    return flags;
}

void add_command(Troff& page, const Command& command) {
    const BoundCommand bound(command);
    const HelpText help = read_help(command.help);
    page.subsection("pchatctl " + command.path);
    page.line(command.summary + ".");
    page.paragraph(call_of(command));
    if (const HelpSection* description = help.find(""))
        for (const HelpBlock& block : description->blocks)
            page.block(block);
    add_args(page, bound.own());
    for (const HelpSection& section : help.sections) {
        if (section.title.empty() || section.title == "Exit codes" || section.title == "See also")
            continue;
        if (section.title != "Examples")
            page.paragraph("`" + section.title + "`");
        for (const HelpBlock& block : section.blocks)
            page.block(block);
    }
    if (!command.formats.empty())
        page.paragraph(fmt::format("Output formats: {}.", fmt::join(command.formats, ", ")));
    for (const auto& [code, meaning] : exit_codes_of(command))
        if (code.size() > 1 || code[0] > '2')
            page.paragraph(fmt::format("Exit code {}: {}.", code, meaning));
}

void add_common_end(
    Troff& page, const Commands& commands, const std::vector<std::string>& see_also
) {
    page.section("GLOBAL FLAGS");
    add_args(page, shared_flags(commands));
    page.section("EXIT STATUS");
    for (const ExitCode& code : exit_codes())
        page.tagged(std::to_string(code.code), code.meaning);
    page.section("ENVIRONMENT");
    for (const Variable& variable : variables())
        page.tagged(variable.name, variable.meaning);
    page.section("SEE ALSO");
    page.line(fmt::format("{}", fmt::join(see_also, ", ")));
}

std::vector<std::string> page_names(const CommandTable& table, const std::string& but) {
    std::vector<std::string> names;
    if (!but.empty())
        names.emplace_back("`pchatctl`(1)");
    for (const std::string& noun : table.next_words(""))
        if (!table.find(noun) && noun != but)
            names.push_back(fmt::format("`pchatctl-{}`(1)", noun));
    names.emplace_back("`pchat-topology`(5)");
    return names;
}

ManualPage program_page(const CommandTable& table) {
    Troff page = start_page("pchatctl", "plan, check and run persistent chat deployments");
    Commands alone;
    page.section("SYNOPSIS");
    page.line("`pchatctl` <noun> <verb> [arguments] [flags]");
    page.section("NOUNS");
    for (const std::string& word : table.next_words("")) {
        if (const Command* command = table.find(word))
            alone.push_back(command);
        else
            page.tagged(
                word, fmt::format("{}; see `pchatctl-{}`(1)", table.noun_summary(word), word)
            );
    }
    page.section("OTHER COMMANDS");
    for (const Command* command : alone)
        add_command(page, *command);
    add_common_end(page, alone, page_names(table, ""));
    return {"pchatctl.1", page.text()};
}

ManualPage noun_manual(const CommandTable& table, const std::string& noun) {
    const Commands commands = shown(table, noun);
    Troff page = start_page("pchatctl-" + noun, table.noun_summary(noun));
    page.section("SYNOPSIS");
    page.line(fmt::format("`pchatctl {}` <verb> [arguments] [flags]", noun));
    page.section("COMMANDS");
    for (const Command* command : commands)
        add_command(page, *command);
    add_common_end(page, commands, page_names(table, noun));
    return {fmt::format("pchatctl-{}.1", noun), page.text()};
}

}  // namespace

std::vector<ManualPage> manual_pages(const CommandTable& table) {
    std::vector<ManualPage> pages{program_page(table)};
    for (const std::string& noun : table.next_words(""))
        if (!table.find(noun))
            pages.push_back(noun_manual(table, noun));
    return pages;
}

}  // namespace pchat::cli
