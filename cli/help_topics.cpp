// SPDX-License-Identifier: Apache-2.0
#include "cli/help_topics.h"

#include "cli/environment.h"
#include "cli/help_page.h"
#include "cli/help_text.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string exit_codes_page() {
    Rows rows;
    for (const ExitCode& code : exit_codes())
        rows.emplace_back(std::to_string(code.code), code.meaning);
    return "Exit codes of pchatctl\n\n" + two_columns(rows) + "\n" +
           wrap("The page of each command says which of them it uses and when.", 0);
}

std::string environment_page() {
    Rows rows;
    for (const Variable& variable : variables()) {
        const std::string flag =
            variable.stands_for.empty() ? "" : fmt::format(" (as a flag: {})", variable.stands_for);
        rows.emplace_back(variable.name, std::string(variable.meaning) + flag);
    }
    return "Environment variables that pchatctl reads\n\n" + two_columns(rows) + "\n" +
           wrap("A flag wins over a variable, a variable over the default.", 0);
}

std::string output_page() {
    const Rows rows{
        {"table", "columns for people, the name first; never cut, no colour and no borders"},
        {"json", "one document with everything; keys are stable, new ones may come"},
        {"yaml", "the same as json, easier on the eye"},
        {"name", "one kind/name a line, for scripts: pool/pchat.contoso.example"},
    };
    std::string text = "Output formats of pchatctl\n\n";
    text +=
        wrap(
            "Results go to stdout, everything else to stderr. -o chooses the form of the result:", 0
        ) +
        "\n";
    text += two_columns(rows) + "\n";
    return text +
           wrap(
               "With -o json a failure is a document, too: {\"error\": {\"code\", \"message\", "
               "\"hint\"}}. An empty list is "
               "[] and no failure. Some commands have formats of their own; their pages list them.",
               0
           );
}

}  // namespace

const std::vector<HelpTopic>& help_topics() {
    static const std::vector<HelpTopic> topics{
        {"environment", "Variables that stand in for flags", environment_page},
        {"exit-codes", "What the exit code says", exit_codes_page},
        {"output", "Output formats, and how errors look in them", output_page},
    };
    return topics;
}

}  // namespace pchat::cli
