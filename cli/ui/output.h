// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pchat::cli {

/// One column of a table: heading and how to get the cell out of an item's JSON.
struct Column {
    std::string heading;  // "NAME": upper case, no blanks
    std::string key;      // the item's key; "a.b" goes deeper
    bool right = false;   // numbers
};

/// A list of things: table | json | yaml | name, decided here once. `kind` is the word before the
/// slash of `-o name` ("pool/pchat.contoso.example"). Cells are never cut; an empty list leaves a
/// note on stderr.
void print_list(
    Context& ctx,
    const std::string& kind,
    const nlohmann::ordered_json& items,
    const std::vector<Column>& columns
);

/// One document: json | yaml; `text` is what the table format shows.
void print_document(Context& ctx, const nlohmann::ordered_json& document, const std::string& text);

/// A table as text: columns two blanks apart, no colour, no borders.
std::string render_table(const nlohmann::ordered_json& items, const std::vector<Column>& columns);

/// Indented JSON with a line end; bytes that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value);

/// The same data as YAML (block style, strings quoted where a reader could mistake them).
std::string to_yaml(const nlohmann::ordered_json& value);

}  // namespace pchat::cli
