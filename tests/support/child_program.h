// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pchat::test {

/// Starts a program, whose end is ours, whatever happens to the test. All that it says goes to the
/// end of `log`. Throws where nothing can be started.
pid_t start_program(const std::filesystem::path& log, std::vector<std::string> words);

/// How it ended, as waitpid(2) has it.
int wait_for_program(pid_t child);

/// Waits until it accepts connections there. False when it has ended instead; one that takes too
/// long is ended. `child` is 0 then.
bool wait_for_port(pid_t& child, std::uint16_t port);

/// A port of the loopback address that was free a moment ago: somebody else may take it.
std::uint16_t free_port();

}  // namespace pchat::test
