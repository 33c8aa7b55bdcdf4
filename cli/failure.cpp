// SPDX-License-Identifier: Apache-2.0
#include "cli/failure.h"

#include "base/unicode.h"
#include "cli/ui/output.h"
#include "cli/ui/terminal.h"

#include <ostream>

namespace pchat::cli {

void report_failure(Context& ctx, const std::string& command, const Error& error) {
    if (error.silent)
        return;
    if (ctx.global.output == "json") {
        nlohmann::ordered_json document;
        document["error"] = {
            {"code", error_token(error)}, {"message", error.message}, {"hint", error.hint}};
        ctx.out << json_text(document);
    }
    const bool colour = ctx.terminal.colour_err;
    ctx.err << styled("pchatctl:", Style::failure, colour) << ' ';
    if (!command.empty())
        ctx.err << command << ": ";
    // Messages name what others wrote: paths, keys, answers of servers.
    ctx.err << printable(error.message) << '\n';
    if (ctx.global.verbose)
        for (const std::string& where : error.context)
            ctx.err << "  in: " << printable(where) << '\n';
    if (!error.hint.empty())
        ctx.err << styled("hint:", Style::strong, colour) << ' ' << printable(error.hint) << '\n';
}

}  // namespace pchat::cli
