// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::cli {

/// Another program to run, without a shell in between: no argument can be anything but itself.
struct Child {
    std::string program;                                           // a path, see find_program
    std::vector<std::string> arguments;                            // without the program's own name
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::string hidden_prefix;   // of variables that it does not inherit ("PG"); empty: none
    std::function<bool()> stop;  // asked now and then; true ends it
    std::chrono::milliseconds grace = std::chrono::seconds{5};  // for that; then it is killed
    std::function<void(std::string_view)> seen;  // what it says on either stream, as it comes
    std::size_t limit = 1 << 20;  // bytes kept of each stream; the rest is read and dropped
};

struct ChildResult {
    int exit_code = 0;  // 128 and the signal when one ended it, as shells say it
    std::string out;
    std::string err;
};

/// Starts it with an empty standard input and waits for its end, not for that of what it leaves
/// running. Fails only where it could not be started.
Result<ChildResult> run_child(const Child& child);

/// The first executable file of this name in the folders of `path` ("/usr/bin:/bin").
std::optional<std::string> find_program(const std::string& name, const std::string& path);

}  // namespace pchat::cli
