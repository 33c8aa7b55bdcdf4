// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/removal.h"

#include "cli/deploy/node_layout.h"
#include "cli/deploy/pool_lock.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::cli {
namespace {

using End = NodeResult::End;

/// What is left there, and why.
std::string stays_text(const Said& said) {
    std::string out;
    for (const auto& line : said.lines)
        if (line.size() > 2 && line[0] == "stays")
            out += fmt::format("{}{} stays: {}", out.empty() ? "" : "; ", line[1], line[2]);
    return out;
}

void remove_from(NodeWay& way, const std::string& owner, Purge purge, NodeResult& out) {
    std::vector<std::string> words{"remove"};
    if (purge == Purge::yes)
        words.emplace_back("purge");
    words.push_back(owner);
    const Result<Said> said = way.ask(words);
    if (!said) {
        out.end = End::failed;
        out.text = said.error().message;
        out.hint = said.error().hint;
    } else if (said->busy) {
        out.end = End::failed;
        out.text = lock_conflict(way, *said).message;
    } else {
        // Where the lock is kept was made for this run.
        const bool any = std::any_of(said->lines.begin(), said->lines.end(), [](const auto& line) {
            return line.size() > 1 && line[0] == "removed" && line[1] != layout::deploy_state;
        });
        out.end = any ? End::done : End::unchanged;
        out.text = stays_text(*said);
    }
}

}  // namespace

std::vector<NodeResult> remove_all(
    const std::vector<NodeWay*>& ways,
    const std::string& owner,
    Purge purge,
    const std::function<bool()>& stop
) {
    std::vector<NodeResult> results;
    for (NodeWay* way : ways) {
        NodeResult& result = results.emplace_back();
        result.node = way->name();
        if (!stop())
            remove_from(*way, owner, purge, result);
    }
    return results;
}

}  // namespace pchat::cli
