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

/// A port of the loopback address that was free a moment ago: somebody else may take it.
std::uint16_t free_port();

/// Whether somebody accepts connections there.
bool port_answers(std::uint16_t port);

}  // namespace pchat::test
