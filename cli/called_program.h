// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::cli {

/// A call of another program as exec and spawn take it: its words and its variables. Made before a
/// fork, after which nothing may allocate.
class CalledProgram {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;

    /// `variables` are added to ours, or stand for those of the same name; `hidden_prefix`: of
    /// variables that it does not inherit ("PG"); empty: none.
    CalledProgram(
        const std::string& program,
        const std::vector<std::string>& arguments,
        const Variables& variables,
        std::string_view hidden_prefix = {}
    );
    CalledProgram(const CalledProgram&) = delete;
    CalledProgram& operator=(const CalledProgram&) = delete;

    [[nodiscard]] const char* path() const { return argv_.front(); }
    [[nodiscard]] char* const* argv() const { return argv_.data(); }
    [[nodiscard]] char* const* envp() const { return envp_.data(); }

private:
    std::vector<std::string> words_;
    std::vector<std::string> variables_;
    std::vector<char*> argv_;
    std::vector<char*> envp_;
};

}  // namespace pchat::cli
