// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/app.h"

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace pchat::test {

/// pchatctl in this process: strings for the streams, a map for the environment, a fixed day.
struct CliSession {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    std::map<std::string, std::string> variables;
    cli::Terminal terminal;
    std::vector<std::string> paged;  // what the pager was given, its command first
    bool pager_starts = true;
    cli::TransportFactory transport;  // how commands reach a server

    cli::Context context();

    /// Runs one command line, its words separated by blanks. Streams start empty each time.
    int run(const std::string& line, const cli::CommandTable& table = cli::command_table());
    int run_words(
        const std::vector<std::string>& words, const cli::CommandTable& table = cli::command_table()
    );
};

/// The words of a shell command line up to the first operator (| > < & ; #), quotes taken off.
std::vector<std::string> shell_words(const std::string& line);

}  // namespace pchat::test
