// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/list_items.h"

#include "cli/topology_file.h"

#include <string_view>

namespace pchat::cli {
namespace {

std::string_view without_blanks(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

void append_lines(std::vector<std::string>& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = without_blanks(text.substr(0, end));
        if (!line.empty() && line.front() != '#')
            out.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

Result<std::vector<std::string>> list_items(Context& ctx, const std::vector<std::string>& given) {
    std::vector<std::string> out;
    for (const std::string& item : given) {
        if (item != "-" && (item.empty() || item.front() != '@')) {
            out.push_back(item);
            continue;
        }
        const Result<InputText> input = read_input(ctx, item == "-" ? item : item.substr(1));
        if (!input)
            return pass(input.error());
        append_lines(out, input->text);
    }
    return out;
}

}  // namespace pchat::cli
