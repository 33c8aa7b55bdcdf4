// SPDX-License-Identifier: Apache-2.0
#include "cli/called_program.h"

#include <unistd.h>

#include <algorithm>

namespace pchat::cli {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (std::string& word : words)
        out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

CalledProgram::CalledProgram(
    const std::string& program,
    const std::vector<std::string>& arguments,
    const Variables& variables,
    std::string_view hidden_prefix
)
    : words_{program} {
    words_.insert(words_.end(), arguments.begin(), arguments.end());
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const std::string_view name = text.substr(0, text.find('='));
        const bool hidden = !hidden_prefix.empty() && name.starts_with(hidden_prefix);
        const auto replaces = [&](const auto& own) { return own.first == name; };
        if (!hidden && std::none_of(variables.begin(), variables.end(), replaces))
            variables_.emplace_back(text);
    }
    for (const auto& [name, value] : variables)
        variables_.push_back(name + "=" + value);
    argv_ = pointers(words_);
    envp_ = pointers(variables_);
}

}  // namespace pchat::cli
