// SPDX-License-Identifier: Apache-2.0
#include "cli/args.h"

#include "base/time_text.h"
#include "cli/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <type_traits>

namespace pchat::cli {
namespace {

std::string read_boolean(const std::string& text, bool& into) {
    if (text != "true" && text != "false")
        return fmt::format("takes true or false, got '{}'", text);
    into = text == "true";
    return {};
}

std::string read_number(const std::string& text, std::int64_t& into) {
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, into);
    if (problem == std::errc::result_out_of_range)
        return fmt::format("takes a smaller whole number, got '{}'", text);
    if (problem != std::errc{} || stop != end)
        return fmt::format("takes a whole number, got '{}'", text);
    return {};
}

// Takes a text as it is, into a text, an optional one or a list.
template <class Into>
std::function<std::string(const std::string&)> text_into(Into& into) {
    return [&into](const std::string& text) {
        if constexpr (std::is_same_v<Into, std::vector<std::string>>)
            into.push_back(text);
        else
            into = text;
        return std::string();
    };
}

// Reads another type with `read`, which says what is wrong with the text.
template <class T, class Read>
std::function<std::string(const std::string&)> value_into(std::optional<T>& into, Read read) {
    return [&into, read](const std::string& text) {
        T value{};
        std::string wrong = read(text, value);
        if (wrong.empty())
            into = value;
        return wrong;
    };
}

Arg named(std::string name, std::string help) {
    Arg arg;
    arg.name = std::move(name);
    arg.help = std::move(help);
    return arg;
}

Arg named(std::string name, std::string value_name, std::string help) {
    Arg arg = named(std::move(name), std::move(help));
    arg.value_name = std::move(value_name);
    return arg;
}

}  // namespace

Arg& Args::add(Arg arg) {
    args_.push_back(std::move(arg));
    return args_.back();
}

Arg& Args::positional(std::string name, std::string& into, std::string help) {
    Arg arg = named(std::move(name), std::move(help));
    arg.positional = true;
    arg.accept = text_into(into);
    return add(std::move(arg));
}

Arg& Args::positional_list(std::string name, std::vector<std::string>& into, std::string help) {
    Arg arg = named(std::move(name), std::move(help));
    arg.positional = true;
    arg.repeatable = true;
    arg.accept = text_into(into);
    return add(std::move(arg));
}

Arg& Args::flag(std::string name, bool& into, std::string help) {
    Arg arg = named(std::move(name), std::move(help));
    arg.kind = ValueKind::flag;
    arg.accept = [&into](const std::string& text) { return read_boolean(text, into); };
    return add(std::move(arg));
}

Arg& Args::option(std::string name, std::string& into, std::string value_name, std::string help) {
    Arg arg = named(std::move(name), std::move(value_name), std::move(help));
    arg.accept = text_into(into);
    return add(std::move(arg));
}

Arg& Args::option(
    std::string name, std::optional<std::string>& into, std::string value_name, std::string help
) {
    Arg arg = named(std::move(name), std::move(value_name), std::move(help));
    arg.accept = text_into(into);
    return add(std::move(arg));
}

Arg& Args::option_list(
    std::string name, std::vector<std::string>& into, std::string value_name, std::string help
) {
    Arg arg = named(std::move(name), std::move(value_name), std::move(help));
    arg.repeatable = true;
    arg.accept = text_into(into);
    return add(std::move(arg));
}

Arg& Args::number(
    std::string name, std::optional<std::int64_t>& into, std::string value_name, std::string help
) {
    Arg arg = named(std::move(name), std::move(value_name), std::move(help));
    arg.kind = ValueKind::number;
    arg.accept = value_into(into, read_number);
    return add(std::move(arg));
}

Arg& Args::count(std::string name, std::optional<std::int64_t>& into, std::string help) {
    Arg& arg = number(std::move(name), into, "COUNT", std::move(help));
    arg.accept = [&into, read = std::move(arg.accept)](const std::string& text) {
        std::string wrong = read(text);
        return wrong.empty() && *into < 0 ? std::string{"takes 0 or more"} : wrong;
    };
    return arg;
}

Arg& Args::time(std::string name, std::string& into, std::string help) {
    Arg& arg = option(std::move(name), into, "TIME", std::move(help));
    arg.accept = [&into](const std::string& text) {
        if (!parse_time(text))
            return "'" + text + "' is no time; write it as 2026-11-21T08:05:50Z";
        into = text;
        return std::string{};
    };
    return arg;
}

Arg& Args::boolean(std::string name, std::optional<bool>& into, std::string help) {
    Arg arg = named(std::move(name), std::move(help));
    arg.kind = ValueKind::flag;
    arg.optional_value = true;
    arg.choices = {"true", "false"};
    arg.accept = value_into(into, read_boolean);
    return add(std::move(arg));
}

Arg& Args::choice(
    std::string name, std::string& into, std::vector<std::string> choices, std::string help
) {
    Arg arg = named(std::move(name), std::move(help));
    arg.kind = ValueKind::choice;
    arg.choices = std::move(choices);
    arg.accept = [&into, choices = arg.choices](const std::string& text) {
        if (std::find(choices.begin(), choices.end(), text) == choices.end())
            return wrong_choice(text, choices);
        into = text;
        return std::string();
    };
    return add(std::move(arg));
}

}  // namespace pchat::cli
