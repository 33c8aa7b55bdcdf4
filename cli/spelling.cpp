// SPDX-License-Identifier: Apache-2.0
#include "cli/spelling.h"

#include "base/suggest.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pchat::cli {
namespace {

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
    const auto near = nearest(word, {known.begin(), known.end()});
    return near ? fmt::format(", did you mean '{}'?", *near) : std::string();
}

}  // namespace

std::string unknown_word(
    std::string_view what, std::string_view word, const std::vector<std::string>& known
) {
    return fmt::format("unknown {} '{}'{}", what, printable(word), suggestion(word, known));
}

std::string wrong_choice(std::string_view word, const std::vector<std::string>& choices) {
    return fmt::format(
        "takes one of {}, got '{}'{}",
        fmt::join(choices, ", "),
        printable(word),
        suggestion(word, choices)
    );
}

}  // namespace pchat::cli
