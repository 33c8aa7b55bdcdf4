// SPDX-License-Identifier: Apache-2.0
#include "cli/topology_plan.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Change;
using topology::ChangeKind;

struct Sign {
    std::string_view mark;
    std::string_view word;
    std::string_view colour;
};

const Sign& sign_of(ChangeKind kind) {
    static constexpr std::array signs{
        Sign{"+", "add", "\x1b[32m"},
        Sign{"~", "change", "\x1b[33m"},
        Sign{"-", "remove", "\x1b[31m"}};
    return signs.at(static_cast<std::size_t>(kind));
}

}  // namespace

std::string plan_text(const std::vector<Change>& changes, bool colour) {
    if (changes.empty())
        return "no changes\n";
    std::string out;
    std::array<std::size_t, 3> count{};
    for (const Change& change : changes) {
        const Sign& sign = sign_of(change.kind);
        ++count.at(static_cast<std::size_t>(change.kind));
        const std::string line = fmt::format(
            "{} {}{}{}", sign.mark, change.subject, change.detail.empty() ? "" : ": ", change.detail
        );
        out += colour ? fmt::format("{}{}\x1b[0m\n", sign.colour, line) : line + "\n";
    }
    return out + fmt::format(
                     "plan: {} to add, {} to change, {} to remove\n", count[0], count[1], count[2]
                 );
}

Json plan_json(const std::vector<Change>& changes) {
    Json out = Json::array();
    for (const Change& change : changes)
        out.push_back(
            {{"action", sign_of(change.kind).word},
             {"subject", change.subject},
             {"field", change.field},
             {"before", change.before},
             {"after", change.after}}
        );
    return out;
}

}  // namespace pchat::cli
