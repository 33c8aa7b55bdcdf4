// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/server_process.h"

#include "cli/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace pchat::cli {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

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
    const int listening = listen_for_signals();
    if (listening < 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
        return fail(Errc::internal, fmt::format("no pipe to pchatd: {}", std::strerror(errno)));
    const Result<pid_t> pid = start_program(program, output[1], -1);
    ::close(output[1]);
    if (!pid) {
        ::close(output[0]);
        ::close(listening);
        return pass(pid.error());
    }
    return ServerProcess{*pid, output[0], listening};
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
