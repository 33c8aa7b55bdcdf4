// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_layout.h"

#include "base/config/extent.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace pchat::topology::yaml {
namespace {

using config::Node;
using config::NodeKind;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string indent(std::size_t columns) {
    return std::string(columns, ' ');
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at]))
        ++at;
    return at;
}

// The column of the comment that a line consists of.
std::optional<std::size_t> comment_column(std::string_view text, std::size_t line) {
    const std::size_t mark = skip_blanks(text, line);
    if (mark >= text.size() || text[mark] != '#')
        return std::nullopt;
    return mark - line;
}

struct Habits {
    std::optional<std::size_t> step;
    std::optional<std::size_t> list_offset;
};

void learn(std::string_view text, const Node& node, Habits& habits) {
    for (const Node& item : node.items)
        learn(text, item, habits);
    for (const config::Entry& entry : node.entries) {
        const Node& value = entry.value;
        if (!node.flow && !value.flow && starts_line(text, value.span.begin)) {
            const std::size_t key = column_of(text, entry.key.span.begin);
            const std::size_t there = column_of(text, value.span.begin);
            if (value.kind == NodeKind::mapping && there > key && !habits.step)
                habits.step = there - key;
            if (value.kind == NodeKind::sequence && there >= key && !habits.list_offset)
                habits.list_offset = there - key;
        }
        learn(text, value, habits);
    }
}

bool fits(std::size_t column, std::string_view text) {
    return column + static_cast<std::size_t>(display_width(text)) <= line_width;
}

bool is_scalar(const Value& value) {
    return value.kind == NodeKind::scalar;
}

}  // namespace

Layout layout_of(const config::Document& document) {
    const std::string_view text = document.source->text();
    Layout layout;
    const std::size_t first_end = text.find('\n');
    if (first_end != std::string_view::npos && first_end > 0 && text[first_end - 1] == '\r')
        layout.eol = "\r\n";
    Habits habits;
    if (document.root)
        learn(text, *document.root, habits);
    layout.step = habits.step.value_or(layout.step);
    layout.list_offset = habits.list_offset.value_or(layout.list_offset);
    return layout;
}

std::size_t behind_colon(std::string_view text, const config::Entry& entry) {
    const std::size_t colon = config::skip_blank(text, entry.key.span.end);
    return colon < text.size() && text[colon] == ':' ? colon + 1 : entry.key.span.end;
}

std::vector<Child> children_of(std::string_view text, const Node& collection) {
    std::vector<Child> children;
    for (const config::Entry& entry : collection.entries)
        children.push_back(
            {entry.key.span.begin,
             std::max<std::size_t>(entry.value.span.end, behind_colon(text, entry))}
        );
    std::size_t end = collection.span.begin;
    for (const Node& item : collection.items) {
        if (collection.flow) {
            children.push_back({item.span.begin, item.span.end});
            continue;
        }
        const std::size_t dash = config::skip_blank(text, end);
        end = std::max<std::size_t>(item.span.end, dash + 1);
        children.push_back({dash, end});
    }
    return children;
}

std::size_t line_begin(std::string_view text, std::size_t at) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    if (before != std::string_view::npos)
        return before + 1;
    return text.starts_with(byte_order_mark) && at >= byte_order_mark.size()
               ? byte_order_mark.size()
               : 0;
}

std::size_t line_end(std::string_view text, std::size_t at) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at && text[end - 1] == '\r')
        --end;
    return end;
}

std::size_t next_line(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

std::size_t column_of(std::string_view text, std::size_t at) {
    return at - line_begin(text, at);
}

bool starts_line(std::string_view text, std::size_t at) {
    return skip_blanks(text, line_begin(text, at)) >= at;
}

bool ends_line(std::string_view text, std::size_t at) {
    const std::size_t rest = skip_blanks(text, at);
    return rest >= text.size() || text[rest] == '\n' || (text[rest] == '#' && rest > at);
}

bool is_blank_line(std::string_view text, std::size_t at) {
    return at < text.size() && skip_blanks(text, at) == std::min(text.find('\n', at), text.size());
}

std::size_t lead_of(std::string_view text, const Child& child) {
    const std::size_t column = column_of(text, child.begin);
    std::size_t begin = line_begin(text, child.begin);
    while (begin > 0) {
        const std::size_t above = line_begin(text, begin - 1);
        if (above >= begin || comment_column(text, above) != column)
            break;
        begin = above;
    }
    return begin;
}

std::size_t tail_of(std::string_view text, const Child& child, std::size_t column) {
    std::size_t end = next_line(text, child.end);
    while (end < text.size()) {
        const auto comment = comment_column(text, end);
        if (!comment || *comment <= column)
            break;
        end = next_line(text, end);
    }
    return end;
}

std::string render_entry(const ValueEntry& entry, std::size_t column, const Layout& layout) {
    const Value& value = entry.value;
    if (value.kind == NodeKind::scalar)
        return fmt::format(
            "{}: {}", entry.key, render_scalar(value, config::ScalarStyle::plain, Inside::block)
        );
    const std::string line = fmt::format("{}: {}", entry.key, render_flow(value));
    const bool flat = value.kind == NodeKind::mapping ||
                      std::all_of(value.items.begin(), value.items.end(), is_scalar);
    if (flat && fits(column, line))
        return line;
    std::string out = entry.key + ":";
    const std::size_t dash = column + layout.list_offset;
    for (const Value& item : value.items)
        out += std::string{layout.eol} + indent(dash) +
               render_item(item, dash, 1, ItemStyle::flow, layout);
    const std::size_t inner = column + layout.step;
    for (const ValueEntry& child : value.entries)
        out += std::string{layout.eol} + indent(inner) + render_entry(child, inner, layout);
    return out;
}

std::string render_item(
    const Value& item,
    std::size_t dash_column,
    std::size_t gap,
    ItemStyle style,
    const Layout& layout
) {
    const std::size_t column = dash_column + 1 + gap;
    const std::string lead = "-" + indent(gap);
    if (is_scalar(item))
        return lead + render_scalar(item, config::ScalarStyle::plain, Inside::block);
    const std::string line = render_flow(item);
    if (item.kind != NodeKind::mapping || (style == ItemStyle::flow && fits(column, line)))
        return lead + line;
    std::string out;
    for (const ValueEntry& entry : item.entries) {
        out += out.empty() ? lead : std::string{layout.eol} + indent(column);
        out += render_entry(entry, column, layout);
    }
    return out;
}

}  // namespace pchat::topology::yaml
