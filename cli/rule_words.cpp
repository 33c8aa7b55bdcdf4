// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_words.h"

#include <fmt/format.h>

namespace pchat::cli {

using topology::Level;
using topology::Origin;

std::string_view word(Level level) {
    switch (level) {
    case Level::off:
        return "off";
    case Level::warning:
        return "warning";
    case Level::error:
        return "error";
    case Level::varies:
        return "varies";
    }
    return "";
}

std::string_view word(Origin origin) {
    switch (origin) {
    case Origin::page:
        return "product page";
    case Origin::docs:
        return "product documentation";
    case Origin::ours:
        return "this project";
    }
    return "";
}

std::string severity_words(const topology::Rule& rule) {
    const auto in_words = [](Level level) {
        return level == Level::varies ? std::string_view{"error or warning, by case"} : word(level);
    };
    if (rule.sfb2015 == rule.lync2013)
        return std::string{in_words(rule.sfb2015)};
    return fmt::format(
        "{} under sfb2015, {} under lync2013", in_words(rule.sfb2015), in_words(rule.lync2013)
    );
}

}  // namespace pchat::cli
