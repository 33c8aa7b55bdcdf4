// SPDX-License-Identifier: Apache-2.0
#include "topology/yaml_edit.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology::yaml {
namespace {

using config::Entry;
using config::Node;
using config::NodeKind;

const std::string* key_of(const Step& step) {
    return std::get_if<std::string>(&step);
}

std::string to_text(const Path& path) {
    std::string out;
    for (const Step& step : path) {
        if (const std::string* key = key_of(step))
            out += (out.empty() ? "" : ".") + *key;
        else
            out += fmt::format("[{}]", std::get<std::size_t>(step));
    }
    return out;
}

// `value` wrapped into the objects that the steps from `from` on name.
Value wrap(const Path& path, std::size_t from, Value value) {
    for (std::size_t i = path.size(); i > from; --i)
        value = Value::map({{std::get<std::string>(path[i - 1]), std::move(value)}});
    return value;
}

Value* find_value(Value& root, const Path& path) {
    Value* value = &root;
    for (const Step& step : path) {
        if (value == nullptr)
            return nullptr;
        if (const std::string* key = key_of(step))
            value = value->find(*key);
        else
            value = &value->items.at(std::get<std::size_t>(step));
    }
    return value;
}

// The same change on the tree instead of the text: what commit() compares with.
void put_in(Value& root, const Path& path, const Value& value) {
    Value* at = &root;
    for (const Step& step : path) {
        if (const std::string* key = key_of(step)) {
            if (at->kind == NodeKind::null)
                *at = Value::map({});
            Value* next = at->find(*key);
            at = next != nullptr ? next : &at->entries.emplace_back(ValueEntry{*key, {}}).value;
        } else {
            at = &at->items.at(std::get<std::size_t>(step));
        }
    }
    *at = value;
}

void erase_in(Value& root, const Path& path) {
    Value* owner = find_value(root, Path(path.begin(), path.end() - 1));
    if (const std::string* key = key_of(path.back()))
        std::erase_if(owner->entries, [&](const ValueEntry& entry) { return entry.key == *key; });
    else
        owner->items.erase(
            owner->items.begin() + static_cast<std::ptrdiff_t>(std::get<std::size_t>(path.back()))
        );
}

// Items look like their neighbours: block style where the last one is in it.
ItemStyle style_of_items(const Node& list) {
    const Node& last = list.items.back();
    return last.kind == NodeKind::mapping && !last.flow ? ItemStyle::block : ItemStyle::flow;
}

std::size_t gap_of(std::string_view text, const Node& list) {
    const std::size_t dash = children_of(text, list).back().begin;
    const std::size_t value = list.items.back().span.begin;
    return value > dash + 1 && text.substr(dash, value - dash).find('\n') == std::string_view::npos
               ? value - dash - 1
               : 1;
}

}  // namespace

/// How far a path leads: `node` is the deepest value there is, reached by `depth` steps.
struct YamlEditor::Spot {
    const Node* node = nullptr;
    const Entry* owner = nullptr;  // the entry whose value `node` is
    std::size_t depth = 0;
    Inside inside = Inside::block;  // where `node` itself stands
};

const Node* find_node(const Node& root, const Path& path) {
    const Node* node = &root;
    for (const Step& step : path) {
        if (const std::string* key = key_of(step)) {
            const Entry* entry = node->find(*key);
            if (entry == nullptr)
                return nullptr;
            node = &entry->value;
        } else {
            const std::size_t index = std::get<std::size_t>(step);
            if (index >= node->items.size())
                return nullptr;
            node = &node->items[index];
        }
    }
    return node;
}

YamlEditor::YamlEditor(config::Document document, const config::Shape& shape)
    : document_(std::move(document)), shape_(shape) {}

Result<YamlEditor::Spot> YamlEditor::locate(const Path& path) const {
    Spot spot{.node = &root()};
    for (const Step& step : path) {
        const Node& node = *spot.node;
        const std::string* key = key_of(step);
        if (key != nullptr && node.kind == NodeKind::null)
            return spot;
        if (node.kind != (key != nullptr ? NodeKind::mapping : NodeKind::sequence)) {
            const Path so_far(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(spot.depth));
            return fail(
                Errc::invalid,
                fmt::format(
                    "{} is not {} in the file",
                    to_text(so_far),
                    key != nullptr ? "a group of fields" : "a list"
                ),
                "correct that by hand first"
            );
        }
        const Entry* entry = key != nullptr ? node.find(*key) : nullptr;
        if (key != nullptr && entry == nullptr)
            return spot;
        spot.inside = node.flow ? Inside::flow : spot.inside;
        spot.owner = entry;
        spot.node = entry != nullptr ? &entry->value : &node.items.at(std::get<std::size_t>(step));
        ++spot.depth;
    }
    return spot;
}

// The place of a new key: behind the last of those that the field table has before it.
std::optional<std::size_t> YamlEditor::predecessor(
    const Node& mapping, const Path& path, const std::string& key
) const {
    const config::Shape* shape = &shape_;
    for (const Step& step : path) {
        const std::string* name = key_of(step);
        const config::Field* field = name != nullptr ? shape->find(*name) : nullptr;
        if (field != nullptr && field->shape != nullptr)
            shape = &field->shape();
    }
    const auto rank = [&](const std::string& name) {
        const config::Field* field = shape->find(name);
        return field == nullptr ? -1 : field - shape->fields.data();
    };
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < mapping.entries.size(); ++i) {
        const auto mine = rank(mapping.entries[i].key.value);
        if (mine >= 0 && mine < rank(key) &&
            (!best || mine > rank(mapping.entries[*best].key.value)))
            best = i;
    }
    return best;
}

Patches YamlEditor::insert_entry(const Spot& spot, const Path& path, const ValueEntry& entry)
    const {
    const Node& mapping = *spot.node;
    const Page page{text(), layout_of(document_)};
    const Path here(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(spot.depth));
    Newcomer newcomer{.text = {}, .after = predecessor(mapping, here, entry.key)};
    if (mapping.flow || spot.inside == Inside::flow) {
        newcomer.text = fmt::format("{}: {}", entry.key, render_flow(entry.value));
        return insert_flow(page, mapping, newcomer);
    }
    const std::size_t column = column_of(text(), mapping.entries.front().key.span.begin);
    newcomer.text = render_entry(entry, column, page.layout);
    newcomer.many_lines = newcomer.text.find('\n') != std::string::npos;
    return insert_block(page, mapping, newcomer);
}

Patches YamlEditor::fill_null(const Spot& spot, const Value& value) const {
    const Page page{text(), layout_of(document_)};
    if (spot.owner == nullptr)  // an item: `- ` or `- ~`
        return {
            {spot.node->span.begin,
             spot.node->span.end,
             (spot.node->span.size() == 0 ? " " : "") + render_flow(value)}};
    if (value.kind == NodeKind::sequence && spot.inside == Inside::block && value.items.size() == 1)
        return begin_block_list(page, *spot.owner, value.items.front());
    const std::size_t colon = behind_colon(text(), *spot.owner);
    const std::size_t end = std::max<std::size_t>(colon, spot.node->span.end);
    const std::string lead = colon > spot.owner->key.span.end ? " " : ": ";
    const bool scalar = value.kind == NodeKind::scalar;
    return {
        {colon,
         end,
         lead + (scalar ? render_scalar(value, config::ScalarStyle::plain, spot.inside)
                        : render_flow(value))}};
}

Result<void> YamlEditor::put(const Path& path, const Value& value) {
    const auto spot = locate(path);
    if (!spot)
        return pass(spot.error());
    Value meant = value_of(root());
    put_in(meant, path, value);
    const Node& node = *spot->node;
    if (node.kind == NodeKind::null)
        return commit(fill_null(*spot, wrap(path, spot->depth, value)), meant);
    if (spot->depth < path.size()) {
        const ValueEntry entry{
            std::get<std::string>(path[spot->depth]), wrap(path, spot->depth + 1, value)};
        return commit(insert_entry(*spot, path, entry), meant);
    }
    if (node.kind != NodeKind::scalar)
        return fail(
            Errc::invalid,
            fmt::format("{} is not a single value in the file", to_text(path)),
            "correct that by hand first"
        );
    return commit(
        {{node.span.begin, node.span.end, render_scalar(value, node.style, spot->inside)}}, meant
    );
}

Patches YamlEditor::append_item(const Spot& spot, const Value& item) const {
    const Node& list = *spot.node;
    const Page page{text(), layout_of(document_)};
    if (list.flow) {
        const std::string line = render_flow(item);
        const bool too_long = column_of(text(), list.span.begin) + line.size() > line_width;
        if (list.items.empty() && too_long && spot.inside == Inside::block && spot.owner != nullptr)
            return begin_block_list(page, *spot.owner, item);
        Newcomer newcomer{.text = line, .after = std::nullopt};
        if (!list.items.empty())
            newcomer.after = list.items.size() - 1;
        return insert_flow(page, list, newcomer);
    }
    const std::size_t dash = column_of(text(), children_of(text(), list).front().begin);
    Newcomer newcomer{.text = {}, .many_lines = true, .after = list.items.size() - 1};
    newcomer.text =
        render_item(item, dash, gap_of(text(), list), style_of_items(list), page.layout);
    return insert_block(page, list, newcomer);
}

Result<void> YamlEditor::append(const Path& path, const Value& item) {
    const auto spot = locate(path);
    if (!spot)
        return pass(spot.error());
    if (spot->depth < path.size() || spot->node->kind == NodeKind::null)
        return put(path, Value::list({item}));
    if (spot->node->kind != NodeKind::sequence)
        return fail(
            Errc::invalid,
            fmt::format("{} is not a list in the file", to_text(path)),
            "correct that by hand first"
        );
    Value meant = value_of(root());
    find_value(meant, path)->items.push_back(item);
    return commit(append_item(*spot, item), meant);
}

Patches YamlEditor::erase_at(const Spot& spot, std::size_t index) const {
    const Node& owner = *spot.node;
    const Page page{text(), layout_of(document_)};
    if (owner.flow)
        return erase_flow(page, owner, index);
    if (owner.items.size() + owner.entries.size() > 1)
        return erase_block(page, owner, index);
    if (owner.kind == NodeKind::sequence && spot.owner != nullptr)
        return empty_block_list(page, *spot.owner);
    return {{owner.span.begin, owner.span.end, owner.kind == NodeKind::sequence ? "[]" : "{}"}};
}

Result<void> YamlEditor::erase(Path path) {
    auto spot = locate(Path(path.begin(), path.end() - 1));
    while (spot && path.size() > 1 && key_of(path[path.size() - 2]) != nullptr &&
           spot->node->kind == NodeKind::mapping && spot->node->entries.size() == 1) {
        path.pop_back();
        spot = locate(Path(path.begin(), path.end() - 1));
    }
    if (!spot)
        return pass(spot.error());
    Value meant = value_of(root());
    if (find_node(root(), path) == nullptr)
        return fail(Errc::not_found, fmt::format("{} is not in the file", to_text(path)));
    erase_in(meant, path);
    std::size_t index = 0;
    if (const std::string* key = key_of(path.back()))
        index = static_cast<std::size_t>(spot->node->find(*key) - spot->node->entries.data());
    else
        index = std::get<std::size_t>(path.back());
    return commit(erase_at(*spot, index), meant);
}

Result<void> YamlEditor::commit(const Patches& patches, const Value& meant) {
    config::Document next = config::read_document(document_.source->name(), apply(text(), patches));
    if (!next.root || !next.problems.empty() || !same(value_of(*next.root), meant))
        return fail(
            Errc::internal,
            fmt::format(
                "{} is laid out in a way that this change cannot be made without touching more",
                document_.source->name()
            ),
            "make the change by hand"
        );
    document_ = std::move(next);
    return {};
}

}  // namespace pchat::topology::yaml
