// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/start_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace pchat::cli {
namespace {

std::vector<std::string> environment_of(const ServerProgram& program) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto replaces = [&](const auto& own) {
            return text.substr(0, text.find('=')) == own.first;
        };
        if (std::none_of(program.environment.begin(), program.environment.end(), replaces))
            out.emplace_back(text);
    }
    for (const auto& [name, value] : program.environment)
        out.push_back(name + "=" + value);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (std::string& word : words)
        out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

/// What the child needs to know, made before the fork.
struct Birth {
    pid_t parent;
    int output;
    int errors;
    int report;
    const ServerProgram& program;
    char* const* words;
    char* const* variables;
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
        ::execve(birth.words[0], birth.words, birth.variables);
    const int problem = errno;
    (void)!::write(birth.report, &problem, sizeof problem);
    ::_exit(127);
}

}  // namespace

Result<pid_t> start_program(const ServerProgram& program, int output, int errors) {
    std::array<int, 2> report{-1, -1};
    if (::pipe2(report.data(), O_CLOEXEC) != 0)
        return fail(
            Errc::internal, fmt::format("no pipe to {}: {}", program.program, std::strerror(errno))
        );
    std::vector<std::string> words{program.program};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    std::vector<std::string> variables = environment_of(program);
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(variables);
    const Birth birth{::getpid(), output, errors, report[1], program, argv.data(), envp.data()};
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
