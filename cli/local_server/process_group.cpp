// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/process_group.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_start = 60s;
constexpr auto between_looks = 50ms;
constexpr std::size_t longest_line = 64 * 1024;
constexpr std::size_t shown_lines = 8;

int close_one(int file) {
    if (file >= 0)
        ::close(file);
    return -1;
}

}  // namespace

ProcessGroup::ProcessGroup() : signals_(listen_for_signals()) {}

ProcessGroup::~ProcessGroup() {
    for (Member& member : all_) {
        if (!member.status) {
            ::kill(member.pid, SIGKILL);
            int status = 0;
            ::waitpid(member.pid, &status, 0);
        }
        close_one(member.output);
    }
    close_one(signals_);
}

Result<ProcessGroup::Number> ProcessGroup::start(
    std::string name, ServerProgram program, const std::string& log, int stop
) {
    program.group = Group::own;
    program.end_signal = stop;
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    std::array<int, 2> output{-1, -1};
    if (file < 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
        const int problem = errno;
        close_one(file);
        return fail(
            Errc::internal, fmt::format("cannot write {}: {}", log, std::strerror(problem))
        );
    }
    const Result<pid_t> pid = start_program(program, output[1], file);
    close_one(output[1]);
    close_one(file);
    if (!pid) {
        close_one(output[0]);
        return pass(pid.error());
    }
    all_.push_back({std::move(name), log, *pid, output[0], stop});
    return all_.size() - 1;
}

void ProcessGroup::reap() {
    for (Member& member : all_) {
        int status = 0;
        if (!member.status && ::waitpid(member.pid, &status, WNOHANG) == member.pid)
            member.status = status;
    }
}

void ProcessGroup::take_signal() {
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) == sizeof info) {
        const int number = static_cast<int>(info.ssi_signo);
        if (number == SIGCHLD)
            continue;
        if (stopped_by_ == 0)
            stopped_by_ = number;
        if (signals_taken_++ > 0)
            for (const Member& member : all_)
                if (!member.status)
                    ::kill(member.pid, SIGKILL);
    }
    reap();
}

/// The rest of it has no reader, and must not make it wait.
void ProcessGroup::read_output(Member& member) {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::read(member.output, bytes.data(), bytes.size());
    if (got <= 0) {
        member.output = close_one(member.output);
        return;
    }
    if (member.line.size() < longest_line && member.line.find('\n') == std::string::npos)
        member.line.append(bytes.data(), static_cast<std::size_t>(got));
}

void ProcessGroup::wait_once(std::chrono::milliseconds most) {
    std::vector<pollfd> watched{{signals_, POLLIN, 0}};
    for (const Member& member : all_)
        watched.push_back({member.output, POLLIN, 0});  // -1 is passed over
    if (::poll(watched.data(), watched.size(), static_cast<int>(most.count())) < 0)
        return;
    for (std::size_t i = 0; i < all_.size(); ++i)
        if (watched[i + 1].revents != 0)
            read_output(all_[i]);
    if (watched[0].revents != 0)
        take_signal();
}

Result<std::string> ProcessGroup::first_line(Number which) {
    const Member& member = all_[which];
    while (stopped_by_ == 0) {
        if (const std::size_t end = member.line.find('\n'); end != std::string::npos)
            return member.line.substr(0, end);
        if (member.output < 0)
            return std::string{};
        wait_once(1s);
    }
    return fail_silently(Errc::interrupted);
}

Result<bool> ProcessGroup::wait_until(Number which, const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + longest_start;
    while (stopped_by_ == 0) {
        if (holds())
            return true;
        if (!is_running(which)) {
            all_[which].told = true;
            return false;
        }
        if (std::chrono::steady_clock::now() > end)
            return fail(
                Errc::timeout,
                fmt::format(
                    "{} is not ready after {} s: {}",
                    name(which),
                    longest_start.count(),
                    end_of_log(which)
                )
            );
        wait_once(between_looks);
    }
    return fail_silently(Errc::interrupted);
}

Result<ProcessGroup::Number> ProcessGroup::wait() {
    while (stopped_by_ == 0) {
        for (Number i = 0; i < all_.size(); ++i)
            if (all_[i].status && !std::exchange(all_[i].told, true))
                return i;
        wait_once(1s);
    }
    return fail_silently(Errc::interrupted);
}

void ProcessGroup::stop() {
    for (auto member = all_.rbegin(); member != all_.rend(); ++member) {
        if (!member->status)
            ::kill(member->pid, signals_taken_ > 1 ? SIGKILL : member->stop);
        while (!member->status) {
            wait_once(1s);
            reap();
        }
    }
}

std::string ProcessGroup::end_of(Number which) const {
    const int status = all_[which].status.value_or(0);
    if (WIFSIGNALED(status))
        return fmt::format("was ended by signal {}", WTERMSIG(status));
    return fmt::format("ended with {}", WEXITSTATUS(status));
}

std::string ProcessGroup::last_words(Number which) const {
    return fmt::format("{} {}: {}", name(which), end_of(which), end_of_log(which));
}

std::string ProcessGroup::end_of_log(Number which) const {
    std::ifstream in{all_[which].log};
    std::deque<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(std::move(line));
        if (lines.size() > shown_lines)
            lines.pop_front();
    }
    return fmt::format("{}\n{}", all_[which].log, fmt::join(lines, "\n"));
}

}  // namespace pchat::cli
