// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/shape.h"

#include <string_view>
#include <utility>
#include <vector>

// The words in which the rows of field tables are written.
namespace pchat::config::field_words {

// Small words for what deviates from an optional field, so that a row below stays a row.
inline Field required(Field field) {
    field.required = true;
    return field;
}

inline Field required(Field field, std::string_view rule, std::string_view missing_text) {
    field.required = true;
    field.missing_rule = rule;
    field.missing_text = missing_text;
    return field;
}

inline Field with_default(Field field, std::string_view text) {
    field.default_text = text;
    return field;
}

inline Field refers(Field field, std::string_view kind) {
    field.refers = kind;
    return field;
}

inline Field range(
    Field field, std::int64_t min, std::int64_t max, std::string_view rule = "SHAPE-07"
) {
    field.min = min;
    field.max = max;
    field.range_rule = rule;
    return field;
}

inline Field port(Field field, std::string_view text, std::string_view rule = "SHAPE-07") {
    return with_default(range(std::move(field), 1, 65535, rule), text);
}

inline Field label(Field field) {
    field.kind = FieldKind::label;
    return field;
}

inline Field long_text(Field field, std::size_t length) {
    field.max_length = length;
    return field;
}

inline Field any_of(Field field, std::vector<std::string_view> choices) {
    field.choices = std::move(choices);
    return field;
}

// What it holds is never shown, not even when it is wrong.
inline Field secret(Field field) {
    field.secret = true;
    return field;
}

}  // namespace pchat::config::field_words
