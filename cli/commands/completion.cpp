// SPDX-License-Identifier: Apache-2.0
// `completion`.
#include "cli/commands/rows.h"
#include "generated/completion_scripts.h"

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

struct Completion {
    std::string shell;
};

Result<void> run(Context& ctx, const Completion& opt) {
    ctx.out << completion_script(opt.shell);
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Completion>();
    Arg& shell =
        args.choice("shell", opt->shell, {"bash", "fish", "zsh"}, "the shell to complete in");
    shell.positional = true;
    shell.required = true;
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> completion_commands() {
    return {{
        .path = "completion",
        .summary = "Print the script that completes command lines in a shell",
        .help = {},
        .bind = bind,
        .formats = {},
    }};
}

}  // namespace pchat::cli
