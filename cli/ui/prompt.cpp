// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/prompt.h"

#include "base/unicode.h"

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

}  // namespace pchat::cli
