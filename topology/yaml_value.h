// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology::yaml {

/// as_needed: in quotes where a YAML reader could take the text for something else. kept: only
/// where the value before had some (a year among choices). never: numbers and booleans.
enum class Quoting : std::uint8_t { as_needed, kept, never };

struct ValueEntry;

/// A YAML value that stands nowhere yet: what an edit puts into a text, and what a text is compared
/// with after the edit.
struct Value {
    config::NodeKind kind = config::NodeKind::null;
    Quoting quoting = Quoting::as_needed;
    std::string text;
    std::vector<Value> items;
    std::vector<ValueEntry> entries;

    static Value scalar(std::string text, Quoting quoting = Quoting::as_needed);
    static Value list(std::vector<Value> items);
    static Value map(std::vector<ValueEntry> entries);

    [[nodiscard]] Value* find(std::string_view key);
};

struct ValueEntry {
    std::string key;
    Value value;
};

Value value_of(const config::Node& node);

/// The same content; keys may stand in another order, quotes do not matter.
bool same(const Value& a, const Value& b);

/// Within brackets commas and brackets end a plain text.
enum class Inside : std::uint8_t { block, flow };

/// Whether every YAML reader, of 1.1 too, takes the bare text for this text.
bool plain_is_safe(std::string_view text, Inside inside);

/// In the wanted style when that can hold the text, else the nearest one that can.
std::string render_scalar(const Value& value, config::ScalarStyle wanted, Inside inside);

/// On one line: `{name: hq, roles: [edge]}`.
std::string render_flow(const Value& value);

}  // namespace pchat::topology::yaml
