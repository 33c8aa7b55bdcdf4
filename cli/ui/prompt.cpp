// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/prompt.h"

#include "base/unicode.h"
#include "cli/signals_held.h"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <istream>
#include <ostream>

namespace pchat::cli {
namespace {

/// Keeps the terminal from showing what is typed.
class EchoOff {
public:
    EchoOff() : known_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~EchoOff() {
        if (known_)
            ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    EchoOff(EchoOff&&) = delete;
    EchoOff& operator=(EchoOff&&) = delete;

private:
    termios before_{};
    SignalsHeld held_;  // Ctrl-C would leave the terminal mute
    bool known_;
};

}  // namespace

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
            "give --confirm-name once for each name"
        );
    if (ctx.global.no_input || !ctx.terminal.in_is_tty || !ctx.terminal.err_is_tty)
        return fail(
            Errc::usage,
            "this cannot be undone, and there is nobody to type the name",
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

void confirm_option(Args& args, std::vector<std::string>& names) {
    args.option_list("confirm-name", names, "NAME", "the name, instead of typing it").alias =
        "confirm";
}

Result<Secret> ask_secret(Context& ctx, const std::string& question, const std::string& flag) {
    if (ctx.global.no_input || !ctx.terminal.in_is_tty || !ctx.terminal.err_is_tty)
        return fail(
            Errc::usage,
            "a password is needed, and there is nobody to ask",
            fmt::format("give {} FILE, or - for standard input", flag)
        );
    ctx.out.flush();
    std::string answer;
    {
        const EchoOff quiet;  // before it asks: what is typed meanwhile would be shown, and lost
        ctx.err << question << ": " << std::flush;
        pollfd typed{STDIN_FILENO, POLLIN, 0};
        while (::poll(&typed, 1, 100) == 0 && !SignalsHeld::asked_to_stop()) {
        }
        if (typed.revents != 0)
            std::getline(ctx.in, answer);
    }
    ctx.err << '\n';
    return Secret{std::move(answer)};
}

}  // namespace pchat::cli
