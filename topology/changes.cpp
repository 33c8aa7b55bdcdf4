// SPDX-License-Identifier: Apache-2.0
#include "topology/changes.h"

#include "base/config/read.h"
#include "base/secret_reference.h"
#include "base/unicode.h"
#include "topology/model.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

using config::Field;
using config::FieldKind;
using config::Node;
using config::NodeKind;

// What a key holds; null where nothing is written.
const Node* value_of(const Node* object, std::string_view key) {
    const config::Entry* entry = object == nullptr ? nullptr : object->find(key);
    const bool written = entry != nullptr && entry->value.kind != NodeKind::null &&
                         entry->value.kind != NodeKind::broken;
    return written ? &entry->value : nullptr;
}

std::string list_text(const Node& list) {
    std::string out;
    for (const Node& item : list.items)
        out += (out.empty() ? "" : ", ") + item.value;
    return fmt::format("[{}]", out);
}

// A field's value as it would be written, its default where it is not.
std::string text_of(const Node* value, const Field& field) {
    if (value == nullptr)
        return std::string{field.default_text};
    return value->kind == NodeKind::sequence ? list_text(*value) : value->value;
}

// What belongs behind a reference is shown only when it is one.
bool is_secret(const Shape& shape, const Field& field) {
    return shape.name == "credentials" || field.key == "key";
}

std::string masked(std::string text) {
    return text.empty() || is_secret_reference(text) ? std::move(text) : "***";
}

// For one line of the plan: nothing is "(none)", long texts are cut.
std::string shown(const std::string& text) {
    constexpr std::size_t longest = 60;
    if (text.empty())
        return "(none)";
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size() && count < longest; ++count)
        next_code_point(text, end);
    return end < text.size() ? text.substr(0, end) + "..." : text;
}

// Things without a name of their own go by what they are about.
std::string name_of(
    const Node& item, const Shape& shape, std::string_view list_key, std::size_t index
) {
    if (shape.name == "link") {
        const Node* between = value_of(&item, "between");
        if (between == nullptr || between->items.size() != 2)
            return fmt::format("{}[{}]", list_key, index);
        const auto& [a, b] = std::minmax(between->items[0].value, between->items[1].value);
        return fmt::format("link {} - {}", a, b);
    }
    if (shape.name == "acceptance") {
        const Node* rule = value_of(&item, "rule");
        const Node* on = value_of(&item, "on");
        return fmt::format(
            "acceptance of {} on {}",
            rule == nullptr ? "?" : rule->value,
            on == nullptr ? "?" : on->value
        );
    }
    return config::describe(item, shape, fmt::format("{}[{}]", list_key, index));
}

struct Item {
    const Node* node;
    std::string name;
    bool matched = false;
};

class Lister {
public:
    explicit Lister(const std::vector<Renaming>& renamed_pools) : renamed_pools_(renamed_pools) {}

    // `prefix` ends in a dot inside nested objects.
    void compare(
        const Node* before,
        const Node* after,
        const Shape& shape,
        const std::string& subject,
        const std::string& prefix
    ) {
        for (const Field& field : shape.fields) {
            const Node* was = value_of(before, field.key);
            const Node* is = value_of(after, field.key);
            if (field.kind == FieldKind::object)
                compare(was, is, field.shape(), subject, fmt::format("{}{}.", prefix, field.key));
            else if (field.kind == FieldKind::object_list)
                compare_lists(was, is, field, subject);
            else if (field.key != "renamedFrom")  // tells the way, and is none of its steps
                compare_values(was, is, shape, field, subject, prefix);
        }
    }

    // The document itself and its two parts are the deployment; what is in them needs no prefix.
    void compare_documents(const Node* before, const Node* after) {
        for (const std::string_view part : {"metadata", "spec"})
            compare(
                value_of(before, part),
                value_of(after, part),
                topology_shape().find(part)->shape(),
                "deployment",
                ""
            );
    }

    std::vector<Change> take() { return std::move(changes_); }

private:
    void compare_values(
        const Node* was,
        const Node* is,
        const Shape& shape,
        const Field& field,
        const std::string& subject,
        const std::string& prefix
    ) {
        std::string before = text_of(was, field);
        std::string after = text_of(is, field);
        if (before == after)
            return;
        if (is_secret(shape, field)) {
            before = masked(std::move(before));
            after = masked(std::move(after));
        }
        Change change{
            ChangeKind::change,
            subject,
            {},
            fmt::format("{}{}", prefix, field.key),
            std::move(before),
            std::move(after)};
        change.detail = printable(
            fmt::format("{}: {} -> {}", change.field, shown(change.before), shown(change.after))
        );
        changes_.push_back(std::move(change));
    }

    void compare_lists(
        const Node* was, const Node* is, const Field& field, const std::string& owner
    ) {
        std::vector<Item> before = items_of(was, field);
        for (const Item& item : items_of(is, field)) {
            const auto same = std::find_if(before.begin(), before.end(), [&](const Item& old) {
                return !old.matched && is_same(old, item, field.shape());
            });
            if (same == before.end()) {
                put_whole(ChangeKind::add, *item.node, field.shape(), called(item, owner));
                continue;
            }
            same->matched = true;
            compare(same->node, item.node, field.shape(), called(item, owner), "");
        }
        for (const Item& item : before)
            if (!item.matched)
                put_whole(ChangeKind::remove, *item.node, field.shape(), called(item, owner));
    }

    static std::vector<Item> items_of(const Node* list, const Field& field) {
        std::vector<Item> out;
        if (list == nullptr)
            return out;
        for (const Node& node : list->items)
            if (node.kind == NodeKind::mapping)
                out.push_back({&node, name_of(node, field.shape(), field.key, out.size())});
        return out;
    }

    // Host names compare without regard to case, other names exactly.
    [[nodiscard]] bool is_same(const Item& before, const Item& after, const Shape& shape) const {
        if (shape.name_key != "fqdn")
            return before.name == after.name;
        if (shape.name == "pool")
            for (const Renaming& pool : renamed_pools_)
                if (equal_ignoring_case(after.name, "pool " + pool.after))
                    return equal_ignoring_case(before.name, "pool " + pool.before);
        return equal_ignoring_case(before.name, after.name);
    }

    // Only machines stand inside something that is not the deployment.
    static std::string called(const Item& item, const std::string& owner) {
        return owner == "deployment" ? printable(item.name)
                                     : printable(fmt::format("{} of {}", item.name, owner));
    }

    void put_whole(
        ChangeKind kind, const Node& node, const Shape& shape, const std::string& subject
    ) {
        changes_.push_back({kind, subject, {}, {}, {}, {}});
        for (const Field& field : shape.fields)
            if (field.kind == FieldKind::object_list)
                for (const Item& item : items_of(value_of(&node, field.key), field))
                    put_whole(kind, *item.node, field.shape(), called(item, subject));
    }

    const std::vector<Renaming>& renamed_pools_;
    std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> list_changes(
    const config::Document& before,
    const config::Document& after,
    const std::vector<Renaming>& renamed_pools
) {
    Lister lister{renamed_pools};
    lister.compare_documents(
        before.root ? &*before.root : nullptr, after.root ? &*after.root : nullptr
    );
    return lister.take();
}

}  // namespace pchat::topology
