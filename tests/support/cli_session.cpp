// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cli_session.h"

#include <string_view>

namespace pchat::test {

cli::Context CliSession::context() {
    cli::Context ctx{out, err, in, terminal, {}, {}, {2026, 1, 15}, {}, transport};
    ctx.environment = [this](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    ctx.pager = [this](const std::string& command, const std::string& text) {
        if (pager_starts)
            paged = {command, text};
        return pager_starts;
    };
    return ctx;
}

int CliSession::run(const std::string& line, const cli::CommandTable& table) {
    std::vector<std::string> words;
    std::istringstream text(line);
    for (std::string word; text >> word;)
        words.push_back(word);
    return run_words(words, table);
}

int CliSession::run_words(const std::vector<std::string>& words, const cli::CommandTable& table) {
    out.str("");
    err.str("");
    paged.clear();
    cli::Context ctx = context();
    return cli::run(words, ctx, table);
}

std::vector<std::string> shell_words(const std::string& line) {
    constexpr std::string_view operators = "|><&;#";
    std::vector<std::string> words;
    std::string word;
    bool started = false;
    char quote = 0;
    for (const char c : line) {
        if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
            started = true;
        } else if (quote == 0 && (c == ' ' || operators.find(c) != operators.npos)) {
            if (started)
                words.push_back(word);
            word.clear();
            started = false;
            if (c != ' ')
                return words;
        } else {
            word += c;
            started = true;
        }
    }
    if (started)
        words.push_back(word);
    return words;
}

}  // namespace pchat::test
