// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <algorithm>

namespace pchat::cli {
namespace {

bool is_under(std::string_view path, std::string_view prefix) {
    if (prefix.empty())
        return true;
    return path.substr(0, prefix.size()) == prefix &&
           (path.size() == prefix.size() || path[prefix.size()] == ' ');
}

}  // namespace

const Command* CommandTable::find(std::string_view path) const {
    for (const Command& command : commands)
        if (command.path == path)
            return &command;
    return nullptr;
}

std::vector<const Command*> CommandTable::under(std::string_view prefix) const {
    std::vector<const Command*> found;
    for (const Command& command : commands)
        if (is_under(command.path, prefix))
            found.push_back(&command);
    return found;
}

std::vector<std::string> CommandTable::next_words(std::string_view prefix) const {
    std::vector<std::string> words;
    const std::size_t start = prefix.empty() ? 0 : prefix.size() + 1;
    for (const Command* command : under(prefix)) {
        if (command->hidden || command->path.size() <= start)
            continue;
        const std::string word =
            command->path.substr(start, command->path.find(' ', start) - start);
        if (std::find(words.begin(), words.end(), word) == words.end())
            words.push_back(word);
    }
    return words;
}

std::string CommandTable::noun_summary(std::string_view name) const {
    for (const Noun& noun : nouns)
        if (noun.name == name)
            return noun.summary;
    return {};
}

}  // namespace pchat::cli
