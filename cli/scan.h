// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/args.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// What a word of the command line is for.
enum class Role : std::uint8_t { positional, flag, value, separator };

/// One word with what can be said of it before anything is parsed. The pointers go into the list of
/// flags given to scan(); a flag that is not in it counts as one without a value.
struct Word {
    Role role = Role::positional;
    std::string text;
    std::vector<const Arg*>
        flags;  // flag: those it sets (-qv sets two); value: the one it belongs to
    std::optional<std::string> value;  // flag: what is written in the same word; value: the word
    bool known = true;                 // false: a flag, or a letter in it, that is not in the list
};

/// Tells flags, their values and positionals apart. Never fails: routing, completion and the search
/// for --help need an answer for half-typed and mistyped lines, too.
std::vector<Word> scan(const std::vector<std::string>& words, const std::vector<Arg>& flags);

bool has_flag(const std::vector<Word>& words, std::string_view name);
/// The last value given to a flag.
std::optional<std::string> value_of(const std::vector<Word>& words, std::string_view name);

bool takes_value(const Arg& flag);
/// By the long name or the alias, without dashes.
const Arg* find_flag(const std::vector<Arg>& flags, std::string_view name);
const Arg* find_letter(const std::vector<Arg>& flags, char letter);

}  // namespace pchat::cli
