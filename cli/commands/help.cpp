// SPDX-License-Identifier: Apache-2.0
// `help`: a command's page, a noun's verbs, or a topic.
#include "cli/bound_command.h"
#include "cli/commands/rows.h"
#include "cli/help_page.h"
#include "cli/help_topics.h"
#include "cli/spelling.h"
#include "cli/ui/pager.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

namespace pchat::cli {
namespace {

struct Help {
    std::vector<std::string> words;
};

const HelpTopic* find_topic(const std::string& name) {
    for (const HelpTopic& topic : help_topics())
        if (topic.name == name)
            return &topic;
    return nullptr;
}

/// Walks as far as the words lead, to name the first one that leads nowhere.
tl::unexpected<Error> unknown_subject(
    const CommandTable& table, const std::vector<std::string>& words
) {
    std::string prefix;
    for (const std::string& word : words) {
        const std::string longer = prefix.empty() ? word : prefix + " " + word;
        if (table.under(longer).empty()) {
            std::vector<std::string> known = table.next_words(prefix);
            if (prefix.empty())
                for (const HelpTopic& topic : help_topics())
                    known.push_back(topic.name);
            const std::string hint =
                prefix.empty() ? "pchatctl --help" : fmt::format("pchatctl {} --help", prefix);
            return fail(
                Errc::usage,
                unknown_word(prefix.empty() ? "command or topic" : "verb", word, known),
                hint
            );
        }
        prefix = longer;
    }
    return fail(Errc::usage, "nothing to show", "pchatctl --help");
}

Result<void> run(Context& ctx, const Help& opt) {
    const CommandTable& table = command_table();
    const bool colour = ctx.terminal.colour_out;
    const std::string path = fmt::format("{}", fmt::join(opt.words, " "));
    if (path.empty())
        show_text(ctx, overview_page(table, colour));
    else if (const HelpTopic* topic = find_topic(path))
        show_text(ctx, topic->page());
    else if (const Command* command = table.find(path))
        show_text(ctx, command_page(BoundCommand(*command), colour));
    else if (!table.next_words(path).empty())
        show_text(ctx, noun_page(table, path, colour));
    else
        return unknown_subject(table, opt.words);
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Help>();
    args.positional_list("command", opt->words, "a command, a noun or a topic").kind =
        ValueKind::command;
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> help_commands() {
    return {{
        .path = "help",
        .summary = "Show how a command is used, or a topic",
        .help = {},
        .bind = bind,
        .formats = {},
    }};
}

}  // namespace pchat::cli
