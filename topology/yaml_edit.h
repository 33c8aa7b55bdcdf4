// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "base/config/shape.h"
#include "base/result.h"
#include "topology/yaml_patch.h"

#include <string>
#include <variant>
#include <vector>

namespace pchat::topology::yaml {

/// The way to a value: keys of mappings and indices of lists.
using Step = std::variant<std::string, std::size_t>;
using Path = std::vector<Step>;

/// The value at `path`, or null.
const config::Node* find_node(const config::Node& root, const Path& path);

/// Changes a YAML text where it is meant and nowhere else: comments, blank lines, quotes, order and
/// line ends of the rest stay byte for byte. After each change the text is read again and compared
/// with what was meant; a text that says anything else is never kept.
class YamlEditor {
public:
    /// The document must have been read without problems. The shape gives new keys their places.
    YamlEditor(config::Document document, const config::Shape& shape);

    [[nodiscard]] std::string_view text() const { return document_.source->text(); }
    [[nodiscard]] const config::Node& root() const { return *document_.root; }

    /// Sets what stands at `path`, or adds it with the objects around it that are missing.
    Result<void> put(const Path& path, const Value& value);
    /// Adds an item at the end of the list at `path`, which may be missing, empty or null.
    Result<void> append(const Path& path, const Value& item);
    /// Takes out an item or an entry. An object that would be left empty goes as well; a list stays
    /// as `[]`.
    Result<void> erase(Path path);

private:
    struct Spot;

    [[nodiscard]] Result<Spot> locate(const Path& path) const;
    [[nodiscard]] std::optional<std::size_t> predecessor(
        const config::Node& mapping, const Path& path, const std::string& key
    ) const;
    [[nodiscard]] Patches insert_entry(const Spot& spot, const Path& path, const ValueEntry& entry)
        const;
    [[nodiscard]] Patches fill_null(const Spot& spot, const Value& value) const;
    [[nodiscard]] Patches append_item(const Spot& spot, const Value& item) const;
    [[nodiscard]] Patches erase_at(const Spot& spot, std::size_t index) const;
    Result<void> commit(const Patches& patches, const Value& meant);

    config::Document document_;
    const config::Shape& shape_;
};

}  // namespace pchat::topology::yaml
