// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "base/config/shape.h"

namespace pchat::config {

/// Reads `node` into `object` (of the type that `shape` was made for), adding a diagnostic for each
/// thing that does not fit: SHAPE-02 wrong type, -03 missing, -04 unknown key, -06 bad enum value,
/// -07 out of range, or the id that the field names instead. `where` is how the object is called in
/// messages ("pool pchat.contoso.example"); with an empty one the object finds its own name.
void read_object(
    const Node& node,
    const Shape& shape,
    Object& object,
    std::vector<Diagnostic>& problems,
    const std::string& where = {}
);

/// "pool pchat.contoso.example" or, without a readable name, "pools[2]".
std::string describe(const Node& node, const Shape& shape, std::string_view fallback);

/// The JSON Schema (draft 2020-12) of documents of this shape, as text with a final newline.
std::string json_schema(const Shape& root, std::string_view id, std::string_view title);

}  // namespace pchat::config
