// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/pager.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <string_view>

namespace pchat::cli {
namespace {

constexpr int not_started = 127;  // what a shell returns for a command that it cannot find

bool fits_screen(const std::string& text, const Terminal& terminal) {
    return std::count(text.begin(), text.end(), '\n') < terminal.height;
}

/// While the pager runs Ctrl-C belongs to it, and its leaving early must not end us.
class QuietSignals {
public:
    QuietSignals()
        : interrupt_(std::signal(SIGINT, SIG_IGN)), pipe_(std::signal(SIGPIPE, SIG_IGN)) {}
    ~QuietSignals() {
        std::signal(SIGINT, interrupt_);
        std::signal(SIGPIPE, pipe_);
    }
    QuietSignals(const QuietSignals&) = delete;
    QuietSignals& operator=(const QuietSignals&) = delete;
    QuietSignals(QuietSignals&&) = delete;
    QuietSignals& operator=(QuietSignals&&) = delete;

private:
    void (*interrupt_)(int);
    void (*pipe_)(int);
};

/// Starts the shell with `input` as its standard input; -1 when that fails.
pid_t start(const std::string& command, int input) {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t usual{};
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    std::string shell = "sh";
    std::string option = "-c";
    std::string line = command;
    char* const arguments[] = {shell.data(), option.data(), line.data(), nullptr};
    pid_t child = -1;
    if (posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ) != 0)
        child = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

void feed(int pipe, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(pipe, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

void show_text(Context& ctx, const std::string& text) {
    const std::string chosen = ctx.variable("PAGER");
    const bool paged = ctx.pager && ctx.terminal.out_is_tty && !ctx.global.no_pager &&
                       ctx.variable("PCHATCTL_NO_PAGER").empty() && chosen != "cat" &&
                       !fits_screen(text, ctx.terminal);
    if (paged && ctx.pager(chosen.empty() ? "less -FRX" : chosen, text))
        return;
    ctx.out << text;
}

bool run_pager(const std::string& command, const std::string& text) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    const QuietSignals quiet;
    const pid_t child = start(command, ends[0]);
    close(ends[0]);
    if (child > 0)
        feed(ends[1], text);
    close(ends[1]);
    if (child <= 0)
        return false;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return !(WIFEXITED(status) && WEXITSTATUS(status) == not_started);
}

}  // namespace pchat::cli
