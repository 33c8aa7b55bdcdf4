// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pchat::cli {

Terminal judge_terminal(const Environment& environment) {
    Terminal terminal;
    terminal.in_is_tty = isatty(STDIN_FILENO) == 1;
    terminal.out_is_tty = isatty(STDOUT_FILENO) == 1;
    terminal.err_is_tty = isatty(STDERR_FILENO) == 1;
    terminal.colour_out = wants_colour(terminal.out_is_tty, environment);
    terminal.colour_err = wants_colour(terminal.err_is_tty, environment);
    winsize size{};
    if (terminal.out_is_tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
        size.ws_row > 0) {
        terminal.width = size.ws_col;
        terminal.height = size.ws_row;
    }
    return terminal;
}

bool wants_colour(bool is_tty, const Environment& environment) {
    const std::string term = environment("TERM").value_or("");
    return is_tty && environment("NO_COLOR").value_or("").empty() && !term.empty() &&
           term != "dumb";
}

std::string styled(std::string_view text, Style style, bool colour) {
    if (!colour)
        return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", style == Style::failure ? "1;31" : "1", text);
}

}  // namespace pchat::cli
