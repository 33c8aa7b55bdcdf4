// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"

#include "cli/called_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>

namespace pchat::cli {
namespace {

constexpr int ask_every_ms = 100;
constexpr std::chrono::seconds longest_rest{1};  // what a child has said is read by then

class Pipe {
public:
    Pipe() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
            ends_ = {-1, -1};
    }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    Pipe(Pipe&&) = delete;
    Pipe& operator=(Pipe&&) = delete;

    [[nodiscard]] int read_end() const { return ends_[0]; }
    [[nodiscard]] int write_end() const { return ends_[1]; }
    void close_end(std::size_t which) {
        if (ends_.at(which) >= 0)
            ::close(ends_.at(which));
        ends_.at(which) = -1;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

// 0, or the errno. Signals that we hold back must reach the child.
int start(const Child& child, const Pipe& out, const Pipe& err, pid_t& pid) {
    const CalledProgram called{
        child.program, child.arguments, child.environment, child.hidden_prefix};
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.write_end(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.write_end(), STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    sigset_t usual{};
    sigemptyset(&usual);
    posix_spawnattr_setsigmask(&attributes, &usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int code =
        ::posix_spawn(&pid, called.path(), &actions, &attributes, called.argv(), called.envp());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

/// A child that runs. Both streams are read at once: one that fills one pipe while we read the
/// other would never end.
class Running {
public:
    Running(const Child& child, pid_t pid, const Pipe& out, const Pipe& err, ChildResult& result)
        : child_(child),
          pid_(pid), streams_{pollfd{out.read_end(), POLLIN, 0}, pollfd{err.read_end(), POLLIN, 0}},
          texts_{&result.out, &result.err} {}

    /// Its status. What it left running may keep the streams open for as long as it likes.
    int wait() {
        int status = 0;
        while (!has_ended(status)) {
            read_for(ask_every_ms);
            stop_it();
        }
        const Clock::time_point end = Clock::now() + longest_rest;
        while (read_for(0) && Clock::now() < end) {
        }
        return status;
    }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] bool has_ended(int& status) const {
        pid_t gone = 0;
        while ((gone = ::waitpid(pid_, &status, WNOHANG)) < 0 && errno == EINTR) {
        }
        return gone != 0;
    }

    void stop_it() {
        if (!told_ && child_.stop && child_.stop()) {
            ::kill(pid_, SIGTERM);
            told_ = Clock::now();
        } else if (told_ && Clock::now() - *told_ > child_.grace) {
            ::kill(pid_, SIGKILL);
        }
    }

    /// Whether something was there.
    bool read_for(int milliseconds) {
        const bool closed = streams_[0].fd < 0 && streams_[1].fd < 0;
        if (::poll(streams_.data(), streams_.size(), closed ? milliseconds / 10 : milliseconds) <=
            0)
            return false;
        for (std::size_t i = 0; i < streams_.size(); ++i) {
            pollfd& stream = streams_.at(i);
            if (stream.fd < 0 || stream.revents == 0)
                continue;
            const ssize_t got = ::read(stream.fd, chunk_.data(), chunk_.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                stream.fd = -1;
            else
                take(*texts_.at(i), {chunk_.data(), static_cast<std::size_t>(got)});
        }
        return true;
    }

    void take(std::string& text, std::string_view what) const {
        if (child_.seen)
            child_.seen(what);
        const std::size_t room = child_.limit - std::min(child_.limit, text.size());
        text.append(what.substr(0, room));
    }

    const Child& child_;
    pid_t pid_;
    std::array<pollfd, 2> streams_;
    std::array<std::string*, 2> texts_;
    std::array<char, 16384> chunk_{};
    std::optional<Clock::time_point> told_;
};

}  // namespace

Result<ChildResult> run_child(const Child& child) {
    Pipe out;
    Pipe err;
    if (out.read_end() < 0 || err.read_end() < 0)
        return fail(Errc::internal, fmt::format("no pipe to {}", child.program));
    pid_t pid = -1;
    if (const int code = start(child, out, err, pid); code != 0)
        return fail(
            Errc::not_found, fmt::format("cannot run {}: {}", child.program, std::strerror(code))
        );
    out.close_end(1);
    err.close_end(1);
    ChildResult result;
    const int status = Running{child, pid, out, err, result}.wait();
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

std::optional<std::string> find_program(const std::string& name, const std::string& path) {
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        const std::string candidate = std::string{rest.substr(0, colon)} + "/" + name;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
        struct stat facts {};
        if (candidate.front() == '/' && ::stat(candidate.c_str(), &facts) == 0 &&
            S_ISREG(facts.st_mode) && ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return std::nullopt;
}

}  // namespace pchat::cli
