// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/server_process.h"

#include "cli/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace pchat::cli {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

sigset_t ours() {
    sigset_t out;
    sigemptyset(&out);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD})
        sigaddset(&out, signal);
    return out;
}

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

/// Between fork and exec: nothing here may allocate. The errno of what failed goes to `report`.
[[noreturn]] void become(
    pid_t parent, int output, int report, char* const* words, char* const* variables
) {
    // SIGTERM, so that it stores what it has taken in.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const int empty = ::open("/dev/null", O_RDONLY);
    if (::getppid() == parent && empty >= 0 && ::dup2(empty, STDIN_FILENO) >= 0 &&
        ::dup2(output, STDOUT_FILENO) >= 0)
        ::execve(words[0], words, variables);
    const int problem = errno;
    (void)!::write(report, &problem, sizeof problem);
    ::_exit(127);
}

}  // namespace

Result<std::string> find_pchatd(const std::string& search_path) {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem).parent_path();
    const std::string places =
        self.string() + ":" + (self.parent_path() / "sbin").string() + ":" + search_path;
    if (std::optional<std::string> found = find_program("pchatd", places))
        return std::move(*found);
    return fail(
        Errc::not_found,
        fmt::format("pchatd is neither in {} nor on the PATH", self.string()),
        "install the package pchatd, or build the target pchatd"
    );
}

Result<ServerProcess> ServerProcess::start(const ServerProgram& program) {
    std::array<int, 2> output{-1, -1};
    std::array<int, 2> report{-1, -1};
    const sigset_t signals = ours();
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    const int listening = ::signalfd(-1, &signals, SFD_CLOEXEC);
    if (listening < 0 || ::pipe2(output.data(), O_CLOEXEC) != 0 ||
        ::pipe2(report.data(), O_CLOEXEC) != 0)
        return fail(Errc::internal, fmt::format("no pipe to pchatd: {}", std::strerror(errno)));
    std::vector<std::string> words{program.program};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    std::vector<std::string> variables = environment_of(program);
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(variables);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
        become(parent, output[1], report[1], argv.data(), envp.data());
    ::close(output[1]);
    ::close(report[1]);
    int problem = pid < 0 ? errno : 0;
    ServerProcess out{pid, output[0], listening};
    if (pid > 0 && ::read(report[0], &problem, sizeof problem) != sizeof problem)
        problem = 0;
    ::close(report[0]);
    if (problem != 0)
        return fail(
            Errc::not_found,
            fmt::format("cannot run {}: {}", program.program, std::strerror(problem))
        );
    return out;
}

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, -1)),
      signals_(std::exchange(other.signals_, -1)), signals_passed_(other.signals_passed_),
      ended_(other.ended_), end_(other.end_) {}

ServerProcess::~ServerProcess() {
    if (pid_ > 0 && !ended_) {
        ::kill(pid_, SIGKILL);
        reap(0);
    }
    for (const int file : {output_, signals_})
        if (file >= 0)
            ::close(file);
}

bool ServerProcess::reap(int options) {
    pid_t got = -1;
    do
        got = ::waitpid(pid_, &end_.status, options);
    while (got < 0 && errno == EINTR);
    ended_ = ended_ || got == pid_;
    return ended_;
}

void ServerProcess::take_signal() {
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info)
        return;
    const int number = static_cast<int>(info.ssi_signo);
    if (number == SIGCHLD) {
        reap(WNOHANG);
        return;
    }
    if (end_.stopped_by == 0)
        end_.stopped_by = number;
    // pchatd takes SIGHUP as a wish to read its files again; from our terminal it means the end.
    ::kill(pid_, signals_passed_++ > 0 ? SIGKILL : number == SIGINT ? SIGINT : SIGTERM);
}

bool ServerProcess::wait_once() {
    std::array<pollfd, 2> watched{pollfd{signals_, POLLIN, 0}, pollfd{output_, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0)
        return false;
    if (watched[0].revents != 0)
        take_signal();
    return watched[1].revents != 0;
}

std::string ServerProcess::wait_for_line() {
    std::string line;
    while (!ended_ && output_ >= 0 && line.size() < longest_line) {
        if (!wait_once())
            continue;
        char byte = 0;
        const ssize_t got = ::read(output_, &byte, 1);
        if (got == 1 && byte == '\n')
            return line;
        if (got == 1)
            line += byte;
        else if (got == 0)
            output_ = (::close(output_), -1);
    }
    return {};
}

ServerEnd ServerProcess::wait_for_end() {
    std::array<char, 4096> dropped{};
    while (!ended_)
        if (wait_once() && output_ >= 0 && ::read(output_, dropped.data(), dropped.size()) == 0)
            output_ = (::close(output_), -1);
    return end_;
}

}  // namespace pchat::cli
