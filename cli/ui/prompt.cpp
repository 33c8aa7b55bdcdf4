// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/prompt.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <ostream>

namespace pchat::cli {

Result<void> confirm(Context& ctx, const std::string& question) {
    if (ctx.global.yes)
        return {};
    if (ctx.global.no_input || !ctx.terminal.in_is_tty || !ctx.terminal.err_is_tty)
        return fail(
            Errc::usage,
            "this needs an answer, and there is nobody to ask",
            "give --yes when it shall be done, or --dry-run to look"
        );
    ctx.out.flush();
    ctx.err << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(ctx.in, answer);
    const std::string word = lower_ascii(answer);
    if (word == "y" || word == "yes")
        return {};
    return fail(Errc::interrupted, "nothing was changed", "");
}

Result<void> confirm_name(
    Context& ctx,
    const std::string& question,
    const std::string& name,
    const std::vector<std::string>& given
) {
    if (std::find(given.begin(), given.end(), name) != given.end())
        return {};
    if (!given.empty())
        return fail(
            Errc::usage,
            fmt::format("--confirm-name does not give the name '{}'", name),
            "give one --confirm-name for each database"
        );
    if (ctx.global.no_input || !ctx.terminal.in_is_tty || !ctx.terminal.err_is_tty)
        return fail(
            Errc::usage,
            "this cannot be undone, and there is nobody to type the name of the database",
            fmt::format("give --confirm-name '{}' when it shall be done, or --dry-run", name)
        );
    ctx.out.flush();
    ctx.err << question << "\nType '" << name << "' to go on: " << std::flush;
    std::string answer;
    std::getline(ctx.in, answer);
    if (answer == name)
        return {};
    return fail(Errc::interrupted, "nothing was changed", "");
}

}  // namespace pchat::cli
