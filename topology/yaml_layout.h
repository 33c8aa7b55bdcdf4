// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "topology/yaml_value.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology::yaml {

/// The habits of one text, so that what is added looks like the rest.
struct Layout {
    std::string_view eol = "\n";
    std::size_t step = 2;         // a nested mapping stands this far to the right of its key
    std::size_t list_offset = 2;  // the dashes of a list likewise; 0 is usual too
};
Layout layout_of(const config::Document& document);

/// New lines are broken where they would get longer than this.
inline constexpr std::size_t line_width = 110;

/// One item or entry of a collection: from its dash or key to the end of its value.
struct Child {
    std::size_t begin = 0;
    std::size_t end = 0;
};
std::vector<Child> children_of(std::string_view text, const config::Node& collection);

/// Behind the colon of an entry; behind the key when there is no colon (`{key}`).
std::size_t behind_colon(std::string_view text, const config::Entry& entry);

std::size_t line_begin(
    std::string_view text, std::size_t at
);  // a byte order mark is not part of the line
std::size_t line_end(std::string_view text, std::size_t at);   // before the line's end mark
std::size_t next_line(std::string_view text, std::size_t at);  // behind it
std::size_t column_of(std::string_view text, std::size_t at);
bool starts_line(std::string_view text, std::size_t at);
bool ends_line(std::string_view text, std::size_t at);  // only a comment may follow
bool is_blank_line(std::string_view text, std::size_t at);

/// Where the lines of comment directly above `child` begin that are indented like it: they belong
/// to it.
std::size_t lead_of(std::string_view text, const Child& child);

/// Behind the last line of `child`; comment lines below that are indented deeper belong to it too.
std::size_t tail_of(std::string_view text, const Child& child, std::size_t column);

/// `key: value` as it stands in a block mapping whose keys stand in `column`: without the first
/// line's indentation and the last line's end.
std::string render_entry(const ValueEntry& entry, std::size_t column, const Layout& layout);

/// How an item of a block list is written.
enum class ItemStyle : std::uint8_t { block, flow };
std::string render_item(
    const Value& item,
    std::size_t dash_column,
    std::size_t gap,
    ItemStyle style,
    const Layout& layout
);

}  // namespace pchat::topology::yaml
