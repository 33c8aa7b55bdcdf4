// SPDX-License-Identifier: Apache-2.0
#include "cli/scan.h"

#include <algorithm>

namespace pchat::cli {
namespace {

Word scan_long(const std::string& text, const std::vector<Arg>& flags) {
    Word word{Role::flag, text, {}, {}, true};
    const std::size_t equals = text.find('=');
    const std::string_view name =
        std::string_view(text).substr(2, equals == text.npos ? equals : equals - 2);
    if (const Arg* flag = find_flag(flags, name))
        word.flags.push_back(flag);
    word.known = !word.flags.empty();
    if (equals != text.npos)
        word.value = text.substr(equals + 1);
    return word;
}

Word scan_letters(const std::string& text, const std::vector<Arg>& flags) {
    Word word{Role::flag, text, {}, {}, true};
    for (std::size_t i = 1; i < text.size(); ++i) {
        const Arg* flag = find_letter(flags, text[i]);
        word.known = flag != nullptr;
        if (!flag)
            break;
        word.flags.push_back(flag);
        if (!takes_value(*flag))
            continue;
        if (i + 1 < text.size())
            word.value = text.substr(i + 1);
        break;
    }
    return word;
}

bool waits_for_value(const Word& word) {
    return word.role == Role::flag && !word.value && !word.flags.empty() &&
           takes_value(*word.flags.back());
}

}  // namespace

std::vector<Word> scan(const std::vector<std::string>& words, const std::vector<Arg>& flags) {
    std::vector<Word> found;
    bool only_positionals = false;
    for (const std::string& text : words) {
        if (!only_positionals && !found.empty() && waits_for_value(found.back())) {
            found.push_back({Role::value, text, {found.back().flags.back()}, text, true});
        } else if (only_positionals || text.size() < 2 || text[0] != '-') {
            found.push_back({Role::positional, text, {}, {}, true});
        } else if (text == "--") {
            only_positionals = true;
            found.push_back({Role::separator, text, {}, {}, true});
        } else {
            found.push_back(text[1] == '-' ? scan_long(text, flags) : scan_letters(text, flags));
        }
    }
    return found;
}

bool has_flag(const std::vector<Word>& words, std::string_view name) {
    return std::any_of(words.begin(), words.end(), [name](const Word& word) {
        return word.role == Role::flag &&
               std::any_of(word.flags.begin(), word.flags.end(), [name](const Arg* flag) {
                   return flag->name == name;
               });
    });
}

std::optional<std::string> value_of(const std::vector<Word>& words, std::string_view name) {
    std::optional<std::string> found;
    for (const Word& word : words)
        if (word.value && !word.flags.empty() && word.flags.back()->name == name)
            found = word.value;
    return found;
}

bool takes_value(const Arg& flag) {
    return flag.kind != ValueKind::flag;
}

const Arg* find_flag(const std::vector<Arg>& flags, std::string_view name) {
    for (const Arg& flag : flags)
        if (!flag.positional && (flag.name == name || (!flag.alias.empty() && flag.alias == name)))
            return &flag;
    return nullptr;
}

const Arg* find_letter(const std::vector<Arg>& flags, char letter) {
    for (const Arg& flag : flags)
        if (!flag.positional && flag.letter == letter)
            return &flag;
    return nullptr;
}

}  // namespace pchat::cli
