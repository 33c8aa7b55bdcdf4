// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/output.h"

#include "base/unicode.h"
#include "cli/ui/pager.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Follows "a.b" into an item; null where the way ends.
const Json* look_up(const Json& item, std::string_view key) {
    const Json* at = &item;
    while (!key.empty()) {
        const std::size_t end = std::min(key.find('.'), key.size());
        const std::string name(key.substr(0, end));
        key.remove_prefix(std::min(end + 1, key.size()));
        if (!at->is_object() || !at->contains(name))
            return nullptr;
        at = &(*at)[name];
    }
    return at;
}

/// One cell. A lone dash stands for "nothing", so that every line has as many cells as the heading.
std::string cell_text(const Json* value) {
    if (!value || value->is_null())
        return "-";
    std::string text;
    if (value->is_string()) {
        text = printable(value->get_ref<const std::string&>());
    } else if (value->is_boolean()) {
        text = value->get<bool>() ? "yes" : "no";
    } else if (value->is_array()) {
        for (const Json& part : *value)
            text += (text.empty() ? "" : ",") + cell_text(&part);
    } else {
        text = value->dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return text.empty() ? "-" : text;
}

std::string padded(const std::string& text, int width, bool right) {
    const int missing = std::max(width - display_width(text), 0);
    const std::string blanks(static_cast<std::size_t>(missing), ' ');
    return right ? blanks + text : text + blanks;
}

void print_names(
    Context& ctx, const std::string& kind, const Json& items, const std::vector<Column>& columns
) {
    for (const Json& item : items)
        ctx.out << kind << '/' << cell_text(look_up(item, columns.front().key)) << '\n';
}

}  // namespace

void print_list(
    Context& ctx, const std::string& kind, const Json& items, const std::vector<Column>& columns
) {
    const std::string& format = ctx.global.output;
    if (format == "json") {
        ctx.out << json_text(items);
    } else if (format == "yaml") {
        ctx.out << to_yaml(items);
    } else if (format == "name") {
        print_names(ctx, kind, items, columns);
    } else if (!items.empty()) {
        show_text(ctx, render_table(items, columns));
    } else if (ctx.terminal.err_is_tty) {
        ctx.note(fmt::format("there is no {}", kind));
    }
}

void print_document(Context& ctx, const Json& document, const std::string& text) {
    if (ctx.global.output == "json")
        ctx.out << json_text(document);
    else if (ctx.global.output == "yaml")
        ctx.out << to_yaml(document);
    else
        show_text(ctx, text);
}

std::string render_table(const Json& items, const std::vector<Column>& columns) {
    std::vector<std::vector<std::string>> lines(1);
    std::vector<int> widths;
    for (const Column& column : columns) {
        lines.front().push_back(column.heading);
        widths.push_back(display_width(column.heading));
    }
    for (const Json& item : items) {
        std::vector<std::string>& line = lines.emplace_back();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            line.push_back(cell_text(look_up(item, columns[i].key)));
            widths[i] = std::max(widths[i], display_width(line.back()));
        }
    }
    std::string text;
    for (const std::vector<std::string>& line : lines) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const bool last = i + 1 == columns.size();
            text +=
                last && !columns[i].right ? line[i] : padded(line[i], widths[i], columns[i].right);
            text += last ? "\n" : "  ";
        }
    }
    return text;
}

std::string json_text(const Json& value) {
    return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pchat::cli
