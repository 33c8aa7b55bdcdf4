// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.h"

#include "base/unicode.h"
#include "cli/scan.h"
#include "cli/spelling.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

using Values = std::vector<std::string>;

tl::unexpected<Error> usage_error(const BoundCommand& bound, std::string message) {
    return fail(
        Errc::usage, std::move(message), fmt::format("pchatctl {} --help", bound.command().path)
    );
}

std::string cli11_name(const Arg& arg) {
    std::string name = "--" + arg.name;
    if (!arg.alias.empty())
        name += ",--" + arg.alias;
    if (arg.letter != 0)
        name += fmt::format(",-{}", arg.letter);
    return name;
}

CLI::Option* declare(CLI::App& app, const Arg& arg, Values& values) {
    CLI::Option* option =
        takes_value(arg) ? app.add_option(cli11_name(arg), values) : app.add_flag(cli11_name(arg));
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    // One value for each time the flag is given; this also keeps "[a,b]" from being taken apart.
    return takes_value(arg) ? option->allow_extra_args(false) : option;
}

/// CLI11 takes "--name=" for a flag without value and eats the next word: so hand over two words.
Values split_empty_values(const Values& words, const std::vector<Arg>& args) {
    Values split;
    for (const Word& word : scan(words, args)) {
        const bool empty = word.role == Role::flag && word.value && word.value->empty() &&
                           !word.flags.empty() && takes_value(*word.flags.back());
        split.push_back(empty ? word.text.substr(0, word.text.size() - 1) : word.text);
        if (empty)
            split.emplace_back();
    }
    return split;
}

std::string shown(const Arg& arg) {
    return arg.positional ? fmt::format("<{}>", arg.name) : fmt::format("--{}", arg.name);
}

std::string unknown_flag(const std::string& word, const std::vector<Arg>& args) {
    std::vector<std::string> known;
    for (const Arg& arg : args)
        if (!arg.positional && !arg.hidden)
            known.push_back("--" + arg.name);
    const bool is_long = word.compare(0, 2, "--") == 0;
    return unknown_word("flag", is_long ? word.substr(0, word.find('=')) : word, known);
}

/// Hands the positionals to their arguments in order; says so when there are too many.
std::string assign_positionals(
    const std::vector<Word>& words, const std::vector<Arg>& args, std::vector<Values>& values
) {
    std::size_t at = 0;
    for (const Word& word : words) {
        if (word.role != Role::positional)
            continue;
        while (at < args.size() &&
               (!args[at].positional || (!args[at].repeatable && !values[at].empty())))
            ++at;
        if (at == args.size())
            return fmt::format("unexpected argument '{}'", printable(word.text));
        values[at].push_back(word.text);
    }
    return {};
}

/// The flag at the end of the line whose value did not come.
const Arg* unfinished(const Values& words, const std::vector<Arg>& args) {
    const std::vector<Word> scanned = scan(words, args);
    if (scanned.empty() || scanned.back().flags.empty() || scanned.back().value)
        return nullptr;
    const Arg* last = scanned.back().flags.back();
    return takes_value(*last) ? last : nullptr;
}

std::string explain(
    const CLI::ParseError& error, const Values& words, const std::vector<Arg>& args
) {
    if (const Arg* flag = unfinished(words, args))
        return fmt::format("--{} needs a value", flag->name);
    return lower_ascii(error.get_name()) + ": " + printable(error.what());
}

std::string deliver(const Arg& arg, const Values& values) {
    if (values.empty())
        return arg.required ? shown(arg) + " is missing" : std::string();
    if (values.size() > 1 && !arg.repeatable && takes_value(arg))
        return fmt::format("{} is given {} times", shown(arg), values.size());
    for (const std::string& value : values) {
        if (arg.kind == ValueKind::flag && !arg.optional_value && value != "true")
            return fmt::format("{} takes no value, got '{}'", shown(arg), printable(value));
        // "$FILE" of a script that forgot to set it must not mean ./topology.yaml.
        if (arg.kind == ValueKind::file && value.empty())
            return shown(arg) + " is empty";
        if (std::string wrong = arg.accept(value); !wrong.empty())
            return fmt::format("{} {}", shown(arg), wrong);
    }
    return {};
}

/// The flags through CLI11; positionals are left over, because it takes "[a,b]" for two of them.
std::string parse_flags(
    const Values& words, const std::vector<Arg>& args, std::vector<Values>& values
) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<CLI::Option*> options;
    for (std::size_t i = 0; i < args.size(); ++i)
        options.push_back(args[i].positional ? nullptr : declare(app, args[i], values[i]));
    Values reversed = split_empty_values(words, args);
    std::reverse(reversed.begin(), reversed.end());
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError& error) {
        return explain(error, words, args);
    }
    for (std::size_t i = 0; i < args.size(); ++i)
        if (options[i])
            values[i] = options[i]->results();
    return {};
}

}  // namespace

Result<void> parse(BoundCommand& bound, const std::vector<std::string>& words) {
    const std::vector<Arg> args = bound.all();
    const std::vector<Word> scanned = scan(words, args);
    for (const Word& word : scanned)
        if (!word.known)
            return usage_error(bound, unknown_flag(word.text, args));

    std::vector<Values> values(args.size());
    if (std::string wrong = parse_flags(words, args, values); !wrong.empty())
        return usage_error(bound, std::move(wrong));
    if (std::string wrong = assign_positionals(scanned, args, values); !wrong.empty())
        return usage_error(bound, std::move(wrong));
    for (std::size_t i = 0; i < args.size(); ++i)
        if (std::string wrong = deliver(args[i], values[i]); !wrong.empty())
            return usage_error(bound, std::move(wrong));
    return {};
}

}  // namespace pchat::cli
