// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {

/// Whom a program runs as.
struct Account {
    uid_t user = 0;
    gid_t group = 0;
};

/// Ctrl-C reaches a whole group: in one of its own, a program hears only what we tell it.
enum class Group { ours, own };

/// What is started.
struct ServerProgram {
    std::string program;
    std::vector<std::string> arguments;                            // without the program's own name
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::optional<Account> account = {};                           // none: as we do
    Group group = Group::ours;
    int end_signal = SIGTERM;  // which it gets when we die
};

/// From now on the signals that would end us, and that of a child's end, wait to be read from this
/// descriptor; -1: there is none.
int listen_for_signals();

/// Starts it with an empty standard input and no signal blocked. `output` and `errors` are the
/// descriptors for what it prints; -1: where ours goes.
Result<pid_t> start_program(const ServerProgram& program, int output, int errors);

}  // namespace pchat::cli
