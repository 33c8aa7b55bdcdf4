// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "base/source_text.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pchat::config {

/// broken: something stands there that was reported already (an alias, a tag); readers stay silent.
enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping, broken };
enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, block };

struct Entry;

/// One YAML value with the bytes it came from. Scalars keep their text: what `010` or `yes` means
/// is decided by the reader that knows which type is due.
struct Node {
    NodeKind kind = NodeKind::null;
    ScalarStyle style = ScalarStyle::plain;
    bool flow = false;        // a collection written with brackets
    bool incomplete = false;  // a mapping some of whose keys were reported and left out
    Span span;                // the whole value; of a null: an empty span where a value would stand
    std::string value;        // scalars, decoded
    std::vector<Node> items;
    std::vector<Entry> entries;

    [[nodiscard]] const Entry* find(std::string_view key) const;
};

struct Entry {
    Node key;
    Node value;
};

/// Limits of a document that people write by hand; far above any real one.
struct DocumentLimits {
    std::size_t bytes = std::size_t{4} * 1024 * 1024;
    std::size_t depth = 64;
    std::size_t nodes = 400'000;
};

/// What came of reading a YAML text. `root` is missing when the text is not one readable YAML
/// document; duplicate keys are problems too, but the first one stays in the tree.
struct Document {
    std::shared_ptr<const SourceText> source;
    std::optional<Node> root;
    std::vector<Diagnostic> problems;  // SHAPE-01 and SHAPE-05, in no order
};

Document read_document(std::string name, std::string text, const DocumentLimits& limits = {});

}  // namespace pchat::config
