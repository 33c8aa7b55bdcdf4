// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/start_program.h"

#include "cli/called_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pchat::cli {
namespace {

/// What the child needs to know, made before the fork.
struct Birth {
    pid_t parent;
    int output;
    int errors;
    int report;
    const ServerProgram& program;
    const CalledProgram& called;
};

/// Where we are may be closed to it.
bool take_account(const std::optional<Account>& account) {
    return !account || (::chdir("/") == 0 && ::setgroups(0, nullptr) == 0 &&
                        ::setgid(account->group) == 0 && ::setuid(account->user) == 0);
}

/// Between fork and exec: nothing here may allocate. The errno of what failed goes to the parent.
[[noreturn]] void become(const Birth& birth) {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const int empty = ::open("/dev/null", O_RDONLY);
    const bool fits = empty >= 0 && ::dup2(empty, STDIN_FILENO) >= 0 &&
                      (birth.output < 0 || ::dup2(birth.output, STDOUT_FILENO) >= 0) &&
                      (birth.errors < 0 || ::dup2(birth.errors, STDERR_FILENO) >= 0) &&
                      (birth.program.group == Group::ours || ::setpgid(0, 0) == 0) &&
                      take_account(birth.program.account);
    // Late, for changing the account forgets it. So that it stores what it has taken in.
    ::prctl(PR_SET_PDEATHSIG, birth.program.end_signal);
    if (fits && ::getppid() == birth.parent)
        ::execve(birth.called.path(), birth.called.argv(), birth.called.envp());
    const int problem = errno;
    (void)!::write(birth.report, &problem, sizeof problem);
    ::_exit(127);
}

}  // namespace

int listen_for_signals() {
    sigset_t ours;
    sigemptyset(&ours);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD})
        sigaddset(&ours, signal);
    ::sigprocmask(SIG_BLOCK, &ours, nullptr);
    return ::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

Result<pid_t> start_program(const ServerProgram& program, int output, int errors) {
    std::array<int, 2> report{-1, -1};
    if (::pipe2(report.data(), O_CLOEXEC) != 0)
        return fail(
            Errc::internal, fmt::format("no pipe to {}: {}", program.program, std::strerror(errno))
        );
    const CalledProgram called{program.program, program.arguments, program.environment};
    const Birth birth{::getpid(), output, errors, report[1], program, called};
    const pid_t pid = ::fork();
    if (pid == 0)
        become(birth);
    int problem = pid < 0 ? errno : 0;
    ::close(report[1]);
    if (pid > 0 && ::read(report[0], &problem, sizeof problem) != sizeof problem)
        problem = 0;
    ::close(report[0]);
    if (problem != 0)
        return fail(
            Errc::not_found,
            fmt::format("cannot run {}: {}", program.program, std::strerror(problem))
        );
    return pid;
}

}  // namespace pchat::cli
