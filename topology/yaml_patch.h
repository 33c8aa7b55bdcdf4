// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/yaml_layout.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology::yaml {

/// Puts `text` in the place of the bytes from `begin` to `end`.
struct Patch {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};
using Patches = std::vector<Patch>;

/// The patches must not overlap; their order does not matter.
std::string apply(std::string_view text, Patches patches);

/// A text and how it is written.
struct Page {
    std::string_view text;
    Layout layout;
};

/// What goes in beside the children of a collection.
struct Newcomer {
    std::string text;                  // its further lines are indented already
    bool many_lines = false;           // a paragraph of its own where its neighbours are
    std::optional<std::size_t> after;  // the child it follows; none: it comes first
};

/// Into, and out of, a collection in block style that has children. erase_block needs two of them.
Patches insert_block(const Page& page, const config::Node& collection, const Newcomer& newcomer);
Patches erase_block(const Page& page, const config::Node& collection, std::size_t index);
/// The only item of the list that is the value of `owner`: leaves `[]`.
Patches empty_block_list(const Page& page, const config::Entry& owner);
/// The list `[]`, or nothing at all, that is the value of `owner` becomes a block list of one item.
Patches begin_block_list(const Page& page, const config::Entry& owner, const Value& item);

/// Into, and out of, a collection in brackets.
Patches insert_flow(const Page& page, const config::Node& collection, const Newcomer& newcomer);
Patches erase_flow(const Page& page, const config::Node& collection, std::size_t index);

}  // namespace pchat::topology::yaml
