// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/script.h"

#include "base/unicode.h"

#include <utility>

namespace pchat::sql {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// The line up to a comment; `quote` is the quote that is open where the line begins, and is kept.
std::string_view without_comment(std::string_view line, char& quote) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != '\0') {
            if (c == quote)
                quote = '\0';
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '-' && i + 1 < line.size() && line[i + 1] == '-') {
            return line.substr(0, i);
        }
    }
    return line;
}

}  // namespace

std::vector<std::string> statements(std::string_view script, Engine engine) {
    std::vector<std::string> out;
    std::string current;
    char quote = '\0';
    const auto finish = [&] {
        std::string_view text = trimmed(current);
        if (engine != Engine::sqlserver && text.ends_with(';'))
            text = trimmed(text.substr(0, text.size() - 1));
        if (!text.empty())
            out.emplace_back(text);
        current.clear();
    };
    while (!script.empty()) {
        const std::size_t end = std::min(script.find('\n'), script.size());
        const bool inside_text = quote != '\0';
        std::string_view line = without_comment(script.substr(0, end), quote);
        script.remove_prefix(std::min(end + 1, script.size()));
        if (!inside_text && engine == Engine::sqlserver &&
            equal_ignoring_case(trimmed(line), "GO")) {
            finish();
            continue;
        }
        if (!inside_text && trimmed(line).empty())
            continue;
        const bool ends =
            quote == '\0' && engine != Engine::sqlserver && trimmed(line).ends_with(';');
        if (quote == '\0')
            line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        current += line;
        current += '\n';
        if (ends)
            finish();
    }
    finish();
    return out;
}

}  // namespace pchat::sql
