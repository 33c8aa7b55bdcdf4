// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/local_server/start_program.h"

#include <sys/types.h>

#include <string>

namespace pchat::cli {

/// pchatd: beside this program, in the sbin beside its bin, or on the PATH.
Result<std::string> find_pchatd(const std::string& search_path);

/// How it ended.
struct ServerEnd {
    int status = 0;      // as waitpid has it
    int stopped_by = 0;  // the signal that we were given; 0: none, it ended by itself
};

/// A pchatd in the foreground of this program: it gets the signals that we get, and dies when we
/// do. One at a time.
class ServerProcess {
public:
    static Result<ServerProcess> start(const ServerProgram& program);
    ~ServerProcess();
    ServerProcess(ServerProcess&& other) noexcept;
    ServerProcess& operator=(ServerProcess&&) = delete;
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

    /// The first line that it prints; empty when it ended before, or was stopped.
    [[nodiscard]] std::string wait_for_line();
    /// SIGINT, SIGTERM and SIGHUP are handed on; the second one kills.
    [[nodiscard]] ServerEnd wait_for_end();

private:
    ServerProcess(pid_t pid, int output, int signals)
        : pid_(pid), output_(output), signals_(signals) {}
    /// Waits for something to happen; true when there is output to read.
    bool wait_once();
    void take_signal();
    bool reap(int options);

    pid_t pid_;
    int output_;
    int signals_;
    int signals_passed_ = 0;
    bool ended_ = false;
    ServerEnd end_;
};

}  // namespace pchat::cli
