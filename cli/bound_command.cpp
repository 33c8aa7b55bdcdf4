// SPDX-License-Identifier: Apache-2.0
#include "cli/bound_command.h"

#include "cli/scan.h"

#include <algorithm>

namespace pchat::cli {
namespace {

void declare_global(Args& args, GlobalOptions& options, bool& help, const Command& command) {
    if (!command.formats.empty()) {
        Arg& output =
            args.choice("output", options.output, command.formats, "how to show the result");
        output.letter = 'o';
        output.default_text = command.formats.front();
    }
    if (command.changes) {
        Arg& dry_run =
            args.flag("dry-run", options.dry_run, "show what would change and change nothing");
        dry_run.letter = 'n';
        dry_run.alias = "what-if";
        args.flag("yes", options.yes, "answer every question with yes").letter = 'y';
    }
    args.flag("help", help, "show this help").letter = 'h';
    args.flag("quiet", options.quiet, "print only errors on stderr").letter = 'q';
    args.flag("verbose", options.verbose, "say more about what is done and what went wrong")
        .letter = 'v';
    args.flag("no-color", options.no_color, "use no colours");
    args.flag("no-input", options.no_input, "never ask, fail instead");
    args.flag("no-pager", options.no_pager, "never show long output through a pager");
}

void add_new_flags(std::vector<Arg>& flags, const std::vector<Arg>& more) {
    for (const Arg& arg : more)
        if (!arg.positional && !find_flag(flags, arg.name))
            flags.push_back(arg);
}

}  // namespace

BoundCommand::BoundCommand(const Command& command) : command_(command), run_(command.bind(own_)) {
    declare_global(global_, options_, help_, command);
}

std::vector<Arg> BoundCommand::all() const {
    std::vector<Arg> args = own();
    args.insert(args.end(), global().begin(), global().end());
    return args;
}

std::vector<Arg> all_flags(const CommandTable& table) {
    std::vector<Arg> flags;
    for (const Command& command : table.commands) {
        const BoundCommand bound(command);
        add_new_flags(flags, bound.all());
    }
    // The copies outlive what they write to.
    for (Arg& flag : flags)
        flag.accept = nullptr;
    return flags;
}

std::vector<std::string> all_formats(const CommandTable& table) {
    std::vector<std::string> formats;
    for (const Command& command : table.commands)
        for (const std::string& format : command.formats)
            if (std::find(formats.begin(), formats.end(), format) == formats.end())
                formats.push_back(format);
    return formats;
}

}  // namespace pchat::cli
