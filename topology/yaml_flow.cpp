// SPDX-License-Identifier: Apache-2.0
#include "base/config/extent.h"
#include "base/unicode.h"
#include "topology/yaml_patch.h"

#include <algorithm>

namespace pchat::topology::yaml {
namespace {

// The comma that follows a child, if one does.
std::optional<std::size_t> comma_behind(std::string_view text, const Child& child) {
    const std::size_t at = config::skip_blank(text, child.end);
    if (at < text.size() && text[at] == ',')
        return at;
    return std::nullopt;
}

bool has_comment(std::string_view text, std::size_t begin, std::size_t end) {
    return text.substr(begin, end - begin).find('#') != std::string_view::npos;
}

// One child a line is the habit when every child but the first begins a line.
bool is_column(std::string_view text, const std::vector<Child>& children) {
    const auto from = children.begin() + (children.size() > 1 ? 1 : 0);
    return std::all_of(from, children.end(), [&](const Child& child) {
        return starts_line(text, child.begin);
    });
}

// Where a broken line goes on: below the first child, unless that is too far to the right.
std::size_t continuation_column(
    std::string_view text, const config::Node& collection, const Child& first
) {
    std::size_t margin = 0;
    const std::size_t line = line_begin(text, collection.span.begin);
    while (text[line + margin] == ' ')
        ++margin;
    const std::size_t below = column_of(text, first.begin);
    return line_begin(text, first.begin) == line && below > margin + 24 ? margin + 4 : below;
}

Patches insert_own_line(
    const Page& page, const std::vector<Child>& children, std::size_t after, const std::string& what
) {
    const Child& neighbour = children[after];
    const std::string line = std::string{page.layout.eol} +
                             std::string(column_of(page.text, children.back().begin), ' ') + what;
    const auto comma = comma_behind(page.text, neighbour);
    const std::size_t behind = comma ? *comma + 1 : neighbour.end;
    if (!ends_line(page.text, behind))
        return {{neighbour.end, neighbour.end, "," + line}};
    const std::size_t end = line_end(page.text, behind);
    if (comma)
        return {{end, end, line + ","}};
    if (end == neighbour.end)
        return {{end, end, "," + line}};
    return {{neighbour.end, neighbour.end, ","}, {end, end, line}};
}

Patches insert_inline(
    const Page& page,
    const config::Node& collection,
    const std::vector<Child>& children,
    const Newcomer& newcomer
) {
    const Child& neighbour = children[*newcomer.after];
    const std::size_t line = line_begin(page.text, neighbour.end);
    const std::size_t width = static_cast<std::size_t>(
        display_width(page.text.substr(line, neighbour.end - line)) + display_width(newcomer.text)
    );
    const bool last = *newcomer.after + 1 == children.size();
    std::string lead = ", ";
    if (last && width + 4 > line_width && column_of(page.text, neighbour.begin) > 0) {
        const std::size_t column = continuation_column(page.text, collection, children.front());
        lead = "," + std::string{page.layout.eol} + std::string(column, ' ');
    }
    return {{neighbour.end, neighbour.end, lead + newcomer.text}};
}

Patches insert_first(const Page& page, const Child& first, const std::string& what) {
    if (!starts_line(page.text, first.begin))
        return {{first.begin, first.begin, what + ", "}};
    const std::size_t at = lead_of(page.text, first);
    const std::string indent(column_of(page.text, first.begin), ' ');
    return {{at, at, indent + what + "," + std::string{page.layout.eol}}};
}

// The child has its lines for itself: the bracket that closes stands below them.
bool has_own_lines(std::string_view text, const Child& child) {
    const auto comma = comma_behind(text, child);
    return starts_line(text, child.begin) && ends_line(text, comma ? *comma + 1 : child.end);
}

Patches erase_own_lines(
    std::string_view text, const std::vector<Child>& children, std::size_t index
) {
    const Child& child = children[index];
    const auto comma = comma_behind(text, child);
    Patches patches{{lead_of(text, child), next_line(text, comma ? *comma : child.end), {}}};
    if (index > 0 && !comma)
        if (const auto before = comma_behind(text, children[index - 1]))
            patches.push_back({*before, *before + 1, {}});
    return patches;
}

}  // namespace

Patches insert_flow(const Page& page, const config::Node& collection, const Newcomer& newcomer) {
    const std::vector<Child> children = children_of(page.text, collection);
    if (children.empty()) {
        const std::size_t begin = collection.span.begin + 1;
        const std::size_t end = collection.span.end - 1;
        const bool bare =
            page.text.substr(begin, end - begin).find_first_not_of(" \t") == std::string_view::npos;
        return {{begin, bare ? end : begin, newcomer.text}};
    }
    if (!newcomer.after)
        return insert_first(page, children.front(), newcomer.text);
    if (is_column(page.text, children))
        return insert_own_line(page, children, *newcomer.after, newcomer.text);
    return insert_inline(page, collection, children, newcomer);
}

Patches erase_flow(const Page& page, const config::Node& collection, std::size_t index) {
    const std::string_view text = page.text;
    const std::vector<Child> children = children_of(text, collection);
    const Child& child = children[index];
    if (children.size() == 1)
        return {{collection.span.begin + 1, collection.span.end - 1U, {}}};
    if (has_own_lines(text, child))
        return erase_own_lines(text, children, index);
    if (index == 0) {
        const std::size_t next = children[1].begin;
        if (!has_comment(text, child.end, next))
            return {{child.begin, next, {}}};
        return {{child.begin, comma_behind(text, child).value_or(child.end - 1) + 1, {}}};
    }
    const Child& before = children[index - 1];
    if (!has_comment(text, before.end, child.begin))
        return {{before.end, child.end, {}}};
    const std::size_t comma = comma_behind(text, before).value_or(before.end);
    return {{comma, comma + 1, {}}, {child.begin, child.end, {}}};
}

}  // namespace pchat::topology::yaml
