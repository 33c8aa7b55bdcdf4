// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::cli {

struct Context;

/// What a value is, for completion and the help pages. `name` means a thing out of the topology
/// file in reach; Arg::refers says of which kind ("pool", "sql-instance", ...).
enum class ValueKind : std::uint8_t { flag, text, number, file, directory, choice, name, command };

/// One positional argument or flag of a command, as data: parsing, help, manual pages and
/// completion all come from it.
struct Arg {
    std::string name;        // positional: "file"; flag: "output" (shown --output)
    char letter = 0;         // short form of a flag
    std::string value_name;  // "FILE"; empty for a plain flag
    std::string help;        // one sentence, no full stop
    ValueKind kind = ValueKind::text;
    std::vector<std::string> choices;
    std::string refers;
    std::string default_text;  // shown in help
    std::string alias;         // a second long name that is understood but not advertised
    bool positional = false;
    bool required = false;
    bool repeatable = false;
    bool hidden = false;
    bool optional_value = false;  // a boolean that also takes =true or =false: --active=false
    /// Takes one value as typed (for a plain flag: "true"); returns what is wrong with it, or "".
    std::function<std::string(const std::string&)> accept;
};

/// Declares what a command takes and where the values go. The references must outlive the parse.
class Args {
public:
    Arg& positional(std::string name, std::string& into, std::string help);
    Arg& positional_list(std::string name, std::vector<std::string>& into, std::string help);
    Arg& flag(std::string name, bool& into, std::string help);
    Arg& option(std::string name, std::string& into, std::string value_name, std::string help);
    Arg& option(
        std::string name, std::optional<std::string>& into, std::string value_name, std::string help
    );
    Arg& option_list(
        std::string name, std::vector<std::string>& into, std::string value_name, std::string help
    );
    Arg& number(
        std::string name,
        std::optional<std::int64_t>& into,
        std::string value_name,
        std::string help
    );
    /// A number of things: 0 or more.
    Arg& count(std::string name, std::optional<std::int64_t>& into, std::string help);
    /// Stays as it is written, but is one.
    Arg& time(std::string name, std::string& into, std::string help);
    Arg& boolean(
        std::string name, std::optional<bool>& into, std::string help
    );  // --x, --x=true, --x=false
    Arg& choice(
        std::string name, std::string& into, std::vector<std::string> choices, std::string help
    );
    Arg& add(Arg arg);

    [[nodiscard]] const std::vector<Arg>& all() const { return args_; }
    [[nodiscard]] std::vector<Arg>& all() { return args_; }

private:
    std::vector<Arg> args_;
};

}  // namespace pchat::cli
