// SPDX-License-Identifier: Apache-2.0
#include "cli/route.h"

#include "cli/bound_command.h"
#include "cli/scan.h"

#include <algorithm>

namespace pchat::cli {
namespace {

/// The command line with the words of the command taken out of it.
class Walk {
public:
    Walk(const CommandTable& table, Route& route) : table_(table), route_(route) {}

    /// False when the word is not part of the command's name.
    bool step(const std::string& word) {
        if (done_)
            return false;
        const std::string longer = route_.prefix.empty() ? word : route_.prefix + " " + word;
        const std::vector<const Command*> below = table_.under(longer);
        if (below.empty() || word.empty()) {
            route_.unknown = word;
            done_ = true;
            return false;
        }
        route_.prefix = longer;
        if (below.size() == 1 && below.front()->path == longer) {
            route_.command = below.front();
            done_ = true;
        }
        return true;
    }

private:
    const CommandTable& table_;
    Route& route_;
    bool done_ = false;
};

void read_early(Route& route, const std::vector<Word>& words) {
    route.wants_help = has_flag(words, "help");
    route.wants_version = has_flag(words, "version");
    route.early.output = value_of(words, "output").value_or("");
    route.early.quiet = has_flag(words, "quiet");
    route.early.verbose = has_flag(words, "verbose");
    route.early.no_color = has_flag(words, "no-color");
    route.early.no_pager = has_flag(words, "no-pager");
}

}  // namespace

Route find_route(const CommandTable& table, const std::vector<std::string>& words) {
    Route route;
    std::vector<Arg> flags = all_flags(table);
    // First, because a command may have a --version with a value, which means something else.
    Arg version;
    version.name = "version";
    version.kind = ValueKind::flag;
    flags.insert(flags.begin(), version);

    const std::vector<Word> scanned = scan(words, flags);
    Walk walk(table, route);
    for (const Word& word : scanned)
        if (word.role != Role::positional || !walk.step(word.text))
            route.rest.push_back(word.text);

    // Only now it is known which flags the command itself has.
    if (route.command) {
        const std::vector<Arg> known = BoundCommand(*route.command).all();
        read_early(route, scan(route.rest, known));
    } else {
        read_early(route, scanned);
    }
    return route;
}

}  // namespace pchat::cli
