// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_patch.h"

#include <algorithm>

namespace pchat::topology::yaml {
namespace {

bool ends_with_line(std::string_view text) {
    return text.empty() || text.back() == '\n';
}

// Whether a blank line stands between a child and its neighbour: then paragraphs are the habit
// here.
bool is_paragraph(std::string_view text, const std::vector<Child>& children, std::size_t index) {
    if (children.size() < 2)
        return false;
    const std::size_t upper = index + 1 < children.size() ? index : index - 1;
    for (std::size_t at = next_line(text, children[upper].end); at < children[upper + 1].begin;
         at = next_line(text, at))
        if (is_blank_line(text, at))
            return true;
    return false;
}

// Lines that go in at the beginning of a line, or behind a last line without end.
Patch insert_lines(const Page& page, std::size_t at, const std::string& lines) {
    const std::string eol{page.layout.eol};
    if (at == page.text.size() && !ends_with_line(page.text))
        return {at, at, eol + lines};
    return {at, at, lines + eol};
}

std::size_t blank_lines_above(std::string_view text, std::size_t line) {
    while (line > 0) {
        const std::size_t above = line_begin(text, line - 1);
        if (above >= line || !is_blank_line(text, above))
            break;
        line = above;
    }
    return line;
}

// Whole lines; with the last one of a text without a last line end goes the line end before them.
Patch erase_lines(std::string_view text, std::size_t begin, std::size_t end) {
    if (end == text.size() && !ends_with_line(text) && begin > 0) {
        --begin;
        if (begin > 0 && text[begin - 1] == '\r')
            --begin;
    }
    return {begin, end, {}};
}

// A child that stands on lines of its own, with what belongs to it. Of the blank lines around it
// one side goes as well, else two paragraphs' worth of them would be left.
Patch erase_child(std::string_view text, const std::vector<Child>& children, std::size_t index) {
    const Child& child = children[index];
    const bool last = index + 1 == children.size();
    std::size_t begin = lead_of(text, child);
    std::size_t end = tail_of(text, child, column_of(text, child.begin));
    const std::size_t above = blank_lines_above(text, begin);
    if (above < begin && (last || end >= text.size() || is_blank_line(text, end))) {
        begin = above;
    } else if (index == 0 && !last && is_paragraph(text, children, index)) {
        while (is_blank_line(text, end) && end < text.size())
            end = next_line(text, end);
    }
    return erase_lines(text, begin, end);
}

// The first entry of `- a: 1`: it shares its line with the dash.
Patch erase_behind_dash(std::string_view text, const Child& child, const Child& next) {
    const std::size_t line = next_line(text, child.end);
    if (line_begin(text, next.begin) <= line)
        return {child.begin, next.begin, {}};
    std::size_t begin = child.begin;
    while (begin > 0 && text[begin - 1] == ' ')
        --begin;
    return {begin, line_end(text, child.end), {}};
}

}  // namespace

std::string apply(std::string_view text, Patches patches) {
    std::stable_sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) {
        return a.begin < b.begin;
    });
    std::string out;
    std::size_t done = 0;
    for (const Patch& patch : patches) {
        const std::size_t begin = std::max(patch.begin, done);
        out += text.substr(done, begin - done);
        out += patch.text;
        done = std::max(done, patch.end);
    }
    return out += text.substr(done);
}

Patches insert_block(const Page& page, const config::Node& collection, const Newcomer& newcomer) {
    const std::vector<Child> children = children_of(page.text, collection);
    const std::size_t column = column_of(page.text, children.front().begin);
    const std::string indent(column, ' ');
    const std::string eol{page.layout.eol};
    if (newcomer.after) {
        const std::size_t at = tail_of(page.text, children[*newcomer.after], column);
        const bool apart =
            newcomer.many_lines && is_paragraph(page.text, children, *newcomer.after);
        return {insert_lines(page, at, (apart ? eol : "") + indent + newcomer.text)};
    }
    const Child& first = children.front();
    if (!starts_line(page.text, first.begin))
        return {{first.begin, first.begin, newcomer.text + eol + indent}};
    return {insert_lines(page, lead_of(page.text, first), indent + newcomer.text)};
}

Patches erase_block(const Page& page, const config::Node& collection, std::size_t index) {
    const std::vector<Child> children = children_of(page.text, collection);
    if (index + 1 < children.size() && !starts_line(page.text, children[index].begin))
        return {erase_behind_dash(page.text, children[index], children[index + 1])};
    return {erase_child(page.text, children, index)};
}

Patches empty_block_list(const Page& page, const config::Entry& owner) {
    const std::size_t colon = behind_colon(page.text, owner);
    return {{colon, colon, " []"}, erase_child(page.text, children_of(page.text, owner.value), 0)};
}

Patches begin_block_list(const Page& page, const config::Entry& owner, const Value& item) {
    const std::size_t colon = behind_colon(page.text, owner);
    const std::size_t key_column = column_of(page.text, owner.key.span.begin);
    const std::size_t dash = key_column + page.layout.list_offset;
    const Child child{owner.key.span.begin, std::max<std::size_t>(owner.value.span.end, colon)};
    const std::string line =
        std::string(dash, ' ') + render_item(item, dash, 1, ItemStyle::flow, page.layout);
    return {
        {colon, child.end, {}}, insert_lines(page, tail_of(page.text, child, key_column), line)};
}

}  // namespace pchat::topology::yaml
