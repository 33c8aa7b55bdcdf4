// SPDX-License-Identifier: Apache-2.0
#include "cli/app.h"

#include "cli/complete.h"
#include "cli/environment.h"
#include "cli/failure.h"
#include "cli/help_page.h"
#include "cli/parse.h"
#include "cli/route.h"
#include "cli/spelling.h"
#include "cli/ui/pager.h"

#include <fmt/format.h>

#include <exception>
#include <ostream>

namespace pchat::cli {
namespace {

/// "topology add" with "pol" after it: names the word, the nearest known one and the help.
tl::unexpected<Error> unknown_command(const CommandTable& table, const Route& route) {
    const std::string help =
        route.prefix.empty() ? "pchatctl --help" : fmt::format("pchatctl {} --help", route.prefix);
    return fail(
        Errc::usage,
        unknown_word(
            route.prefix.empty() ? "command" : "verb", route.unknown, table.next_words(route.prefix)
        ),
        help
    );
}

/// The words stop before they name a command.
Result<void> answer_without_command(const CommandTable& table, const Route& route, Context& ctx) {
    if (!route.unknown.empty())
        return unknown_command(table, route);
    const std::string page = route.prefix.empty()
                                 ? overview_page(table, ctx.terminal.colour_out)
                                 : noun_page(table, route.prefix, ctx.terminal.colour_out);
    const bool asked = route.wants_help || (route.prefix.empty() && route.rest.empty());
    if (asked) {
        show_text(ctx, page);
        return {};
    }
    if (route.prefix.empty())
        return fail(Errc::usage, "no command is given", "pchatctl --help");
    ctx.err << noun_page(table, route.prefix, ctx.terminal.colour_err) << '\n';
    return fail(Errc::usage, "a verb is missing", fmt::format("pchatctl {} --help", route.prefix));
}

void settle_terminal(Context& ctx) {
    if (ctx.global.no_color) {
        ctx.terminal.colour_out = false;
        ctx.terminal.colour_err = false;
    }
}

Result<void> execute(
    const Command& command, const Route& route, Context& ctx, const CommandTable& table
) {
    BoundCommand bound(command);
    if (route.wants_help) {
        show_text(ctx, command_page(bound, ctx.terminal.colour_out));
        return {};
    }
    if (Result<void> parsed = parse(bound, route.rest); !parsed)
        return parsed;
    if (Result<void> applied = apply_environment(ctx, bound.options(), command, table); !applied)
        return applied;
    ctx.global = bound.options();
    settle_terminal(ctx);
    return bound.run()(ctx);
}

/// --version is spelled like a flag and is a command all the same.
void answer_version(Route& route, const CommandTable& table) {
    std::erase(route.rest, "--version");
    route.command = table.find("version");
}

Result<void> dispatch(Route& route, Context& ctx, const CommandTable& table) {
    if (route.wants_version && !route.command && route.prefix.empty() && route.unknown.empty() &&
        !route.wants_help)
        answer_version(route, table);
    if (!route.command)
        return answer_without_command(table, route, ctx);
    return execute(*route.command, route, ctx, table);
}

}  // namespace

int run(const std::vector<std::string>& words, Context& ctx, const CommandTable& table) {
    if (const std::string index = ctx.variable("PCHATCTL_COMPLETE"); !index.empty())
        return complete(table, index, words, ctx);
    Route route;
    Result<void> done;
    try {
        route = find_route(table, words);
        ctx.global = route.early;
        settle_terminal(ctx);
        done = dispatch(route, ctx, table);
    } catch (const std::exception& caught) {
        done =
            fail(Errc::internal, "an error of the program itself", "run it again with --verbose");
        done.error().context.emplace_back(caught.what());
    }
    if (done)
        return 0;
    if (ctx.global.output.empty())
        ctx.global.output = output_from_environment(ctx);
    report_failure(ctx, route.command ? route.command->path : route.prefix, done.error());
    return error_class(done.error().code).exit_code;
}

}  // namespace pchat::cli
