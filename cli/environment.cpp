// SPDX-License-Identifier: Apache-2.0
#include "cli/environment.h"

#include "cli/bound_command.h"
#include "cli/spelling.h"

#include <algorithm>

namespace pchat::cli {
namespace {

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

const std::vector<Variable>& variables() {
    static const std::vector<Variable> all{
        {"PCHATCTL_TOPOLOGY",
         "<file>, --file",
         "the topology document of commands that are given none; without it ./topology.yaml is "
         "taken when it exists"},
        {"PCHATCTL_SERVER", "--server", "URL of the server to talk to"},
        {"PCHATCTL_TOKEN", "--token-file", "the token itself, for jobs; a file is safer"},
        {"PCHATCTL_CA_FILE", "--ca-file", "the authorities that are trusted"},
        {"PCHATCTL_CONTEXT", "--context", "the context to use instead of the current one"},
        {"XDG_CONFIG_HOME", "", "contexts are in pchat/contexts.yaml below it; default: ~/.config"},
        {"PCHATCTL_OUTPUT", "--output", "the output format of commands that have it"},
        {"PCHATCTL_NO_PAGER",
         "--no-pager",
         "any value: long output is never shown through a pager"},
        {"NO_COLOR", "--no-color", "any value: no colours"},
        {"TERM", "", "dumb: no colours"},
        {"PAGER", "", "the program that shows long output on a terminal; default: less -FRX"},
    };
    return all;
}

Result<void> apply_environment(
    const Context& ctx, GlobalOptions& options, const Command& command, const CommandTable& table
) {
    if (!ctx.variable("PCHATCTL_NO_PAGER").empty())
        options.no_pager = true;
    if (!options.output.empty() || command.formats.empty())
        return {};
    const std::string wanted = output_from_environment(ctx);
    // The variable speaks to all commands: one that lacks a format uses its own default.
    const std::vector<std::string> known = all_formats(table);
    if (!wanted.empty() && !contains(known, wanted))
        return fail(
            Errc::usage,
            "PCHATCTL_OUTPUT " + wrong_choice(wanted, known),
            "pchatctl help environment"
        );
    options.output = contains(command.formats, wanted) ? wanted : command.formats.front();
    return {};
}

std::string output_from_environment(const Context& ctx) {
    return ctx.variable("PCHATCTL_OUTPUT");
}

}  // namespace pchat::cli
