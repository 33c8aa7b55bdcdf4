// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::wire {

/// A JSON string with its quotes. The text must be UTF-8.
void append_text(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t number);

/// The text with U+FFFD for what is not UTF-8: for messages that cite what somebody sent.
std::string well_formed(std::string_view text);

/// Writes the fields of one JSON object, with the commas. Names need no escaping and are not
/// checked: literals.
class FieldWriter {
public:
    /// Adds to `out`, which begins a new object or holds no field of it yet.
    explicit FieldWriter(std::string& out) : out_(out) {}

    FieldWriter& text(std::string_view name, std::string_view value);
    FieldWriter& number(std::string_view name, std::int64_t value);
    FieldWriter& boolean(std::string_view name, bool value);
    FieldWriter& time(std::string_view name, Microseconds value);
    /// JSON that is ready.
    FieldWriter& json(std::string_view name, std::string_view value);
    /// Fields that are ready: `"a":1,"b":2`.
    FieldWriter& fields(std::string_view ready);
    /// Only the name: the value is written into `out()` by the caller.
    std::string& name(std::string_view name);

    /// For lists: calls `write(out, item)` for each.
    template <class List, class Write>
    FieldWriter& list(std::string_view name_of_list, const List& items, Write&& write) {
        std::string& out = name(name_of_list);
        out += '[';
        bool first = true;
        for (const auto& item : items) {
            if (!first)
                out += ',';
            first = false;
            write(out, item);
        }
        out += ']';
        return *this;
    }
    template <class List>
    FieldWriter& texts(std::string_view name_of_list, const List& items) {
        return list(name_of_list, items, [](std::string& out, std::string_view item) {
            append_text(out, item);
        });
    }
    template <class List>
    FieldWriter& numbers(std::string_view name_of_list, const List& items) {
        return list(name_of_list, items, append_number);
    }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace pchat::wire
