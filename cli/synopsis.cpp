// SPDX-License-Identifier: Apache-2.0
#include "cli/synopsis.h"

#include "base/unicode.h"
#include "cli/scan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pchat::cli {
namespace {

/// Longer lists of choices go into the explanation.
constexpr std::size_t longest_choices = 44;

std::string kebab(const std::string& value_name) {
    std::string name = lower_ascii(value_name);
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

bool choices_fit(const Arg& arg) {
    return !arg.choices.empty() &&
           fmt::format("{}", fmt::join(arg.choices, " | ")).size() <= longest_choices;
}

std::string positional_notation(const Arg& arg) {
    const std::string choices =
        choices_fit(arg) ? fmt::format("{{{}}}", fmt::join(arg.choices, " | ")) : "";
    const std::string required = choices.empty() ? "<" + arg.name + ">" : choices;
    const std::string optional = "[" + (choices.empty() ? arg.name : choices) + "]";
    return (arg.required ? required : optional) + (arg.repeatable ? "..." : "");
}

}  // namespace

std::string value_notation(const Arg& arg) {
    if (arg.optional_value)
        return "[={true | false}]";
    if (!takes_value(arg))
        return {};
    if (arg.kind == ValueKind::choice && choices_fit(arg))
        return fmt::format("{{{}}}", fmt::join(arg.choices, " | "));
    return fmt::format("<{}>", kebab(arg.value_name.empty() ? arg.name : arg.value_name));
}

std::vector<std::string> synopsis(const BoundCommand& bound) {
    std::vector<std::string> pieces;
    for (const Arg& arg : bound.own())
        if (arg.positional && !arg.hidden)
            pieces.push_back(positional_notation(arg));
    for (const Arg& arg : bound.own())
        if (!arg.positional && arg.required)
            pieces.push_back(fmt::format("--{} {}", arg.name, value_notation(arg)));
    pieces.emplace_back("[flags]");
    return pieces;
}

std::string heading(const Arg& arg) {
    if (arg.positional)
        return positional_notation(arg);
    std::string text = arg.letter != 0 ? fmt::format("-{}, --{}", arg.letter, arg.name)
                                       : fmt::format("    --{}", arg.name);
    const std::string value = value_notation(arg);
    if (!value.empty())
        text += (arg.optional_value ? "" : " ") + value;
    return text;
}

std::string explanation(const Arg& arg) {
    std::string text = arg.help;
    if (arg.kind == ValueKind::choice && !choices_fit(arg))
        text += fmt::format("; one of {}", fmt::join(arg.choices, ", "));
    if (!arg.positional && arg.repeatable)
        text += "; may be repeated";
    if (!arg.positional && arg.required)
        text += " (required)";
    if (!arg.default_text.empty())
        text += fmt::format(" (default: {})", arg.default_text);
    return text;
}

}  // namespace pchat::cli
