// SPDX-License-Identifier: Apache-2.0
#include "topology/edit_place.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "topology/model.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

using config::Node;
using config::NodeKind;
using yaml::Path;
using yaml::Value;

const Shape& spec_shape() {
    return topology_shape().find("spec")->shape();
}

std::string text_at(const Node& item, std::string_view key) {
    const config::Entry* entry = item.find(key);
    return entry != nullptr && entry->value.kind == NodeKind::scalar ? entry->value.value
                                                                     : std::string{};
}

// The name of an item as a Target has it; empty when it has none that can be read.
std::string name_of(const EditKind& kind, const Node& item) {
    if (kind.word == "link") {
        const config::Entry* between = item.find("between");
        if (between == nullptr || between->value.items.size() != 2)
            return {};
        return between->value.items[0].value + ":" + between->value.items[1].value;
    }
    std::string name = text_at(item, kind.naming.front());
    if (kind.word == "acceptance")
        name += ":" + text_at(item, "on");
    return name;
}

std::string swapped(const std::string& pair) {
    const std::size_t colon = pair.find(':');
    return colon == std::string::npos ? pair : pair.substr(colon + 1) + ":" + pair.substr(0, colon);
}

bool is_called(const EditKind& kind, const Node& item, const std::string& name) {
    const std::string mine = name_of(kind, item);
    if (kind.word == "link")
        return mine == name || mine == swapped(name);
    // Host names and rule ids do not depend on case.
    if (kind.naming.front() == "fqdn" || kind.word == "acceptance")
        return equal_ignoring_case(mine, name);
    return mine == name;
}

// The items of a list; none when it is missing or something else.
const std::vector<Node>& items_at(const config::Document& document, const Path& path) {
    static const std::vector<Node> none;
    const Node* list = yaml::find_node(*document.root, path);
    return list != nullptr ? list->items : none;
}

std::optional<std::size_t> index_of(
    const config::Document& document,
    const Path& list,
    const EditKind& kind,
    const std::string& name
) {
    const std::vector<Node>& items = items_at(document, list);
    const auto found = std::find_if(items.begin(), items.end(), [&](const Node& item) {
        return is_called(kind, item, name);
    });
    if (found == items.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - items.begin());
}

tl::unexpected<Error> unknown(
    const config::Document& document,
    const std::vector<Path>& lists,
    const EditKind& kind,
    const std::string& name
) {
    std::vector<std::string> names;
    for (const Path& list : lists)
        for (const Node& item : items_at(document, list))
            names.push_back(name_of(kind, item));
    const auto guess = nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
    return fail(
        Errc::not_found,
        fmt::format(
            "no {} '{}' in {}", kind.word, printable(name.substr(0, 80)), document.source->name()
        ),
        guess ? fmt::format("did you mean '{}'?", printable(*guess))
              : fmt::format("pchatctl topology show {}", document.source->name())
    );
}

Path list_path(const EditKind& kind) {
    return {std::string{"spec"}, std::string{kind.list}};
}

Path deeper(Path path, yaml::Step step) {
    path.push_back(std::move(step));
    return path;
}

// Every list of machines of the pools or of the front ends.
std::vector<Path> machine_lists(const config::Document& document, std::string_view owner_word) {
    std::vector<Path> lists;
    const Path owners = list_path(*find_edit_kind(owner_word));
    for (std::size_t i = 0; i < items_at(document, owners).size(); ++i)
        lists.push_back(deeper(deeper(owners, i), std::string{"machines"}));
    return lists;
}

Result<Path> machines_of_parent(const config::Document& document, const Target& target) {
    const EditKind* owner = find_edit_kind(target.parent_kind);
    if (owner == nullptr)
        return fail(
            Errc::usage,
            "a machine belongs to a pool or a front end",
            "say which: --pool FQDN or --front-end FQDN"
        );
    const Path owners = list_path(*owner);
    const auto index = index_of(document, owners, *owner, target.parent);
    if (!index)
        return unknown(document, {owners}, *owner, target.parent);
    return deeper(deeper(owners, *index), std::string{"machines"});
}

// Whose machines `list` holds: "pool pchat.contoso.example".
std::string owner_of(const config::Document& document, Path list, bool in_front_end) {
    list.pop_back();
    return fmt::format(
        "{} '{}'",
        in_front_end ? "front-end" : "pool",
        text_at(*yaml::find_node(*document.root, list), "fqdn")
    );
}

Result<Place> find_machine_anywhere(
    const config::Document& document, const EditKind& kind, const Target& target
) {
    std::optional<Place> found;
    Path found_in;
    std::vector<Path> all;
    for (const std::string_view owner : {"pool", "front-end"}) {
        const bool in_front_end = owner == "front-end";
        for (const Path& list : machine_lists(document, owner)) {
            all.push_back(list);
            const auto index = index_of(document, list, kind, target.name);
            if (!index)
                continue;
            if (found)
                return fail(
                    Errc::usage,
                    fmt::format(
                        "machine '{}' is in {} and in {}",
                        target.name,
                        owner_of(document, found_in, found->in_front_end),
                        owner_of(document, list, in_front_end)
                    ),
                    "say which: --pool FQDN or --front-end FQDN"
                );
            found_in = list;
            found =
                Place{.path = deeper(list, *index), .identity = {}, .in_front_end = in_front_end};
        }
    }
    if (!found)
        return unknown(document, all, kind, target.name);
    return *found;
}

Result<Path> list_of(const config::Document& document, const EditKind& kind, const Target& target) {
    return kind.word == "machine" ? machines_of_parent(document, target)
                                  : Result<Path>{list_path(kind)};
}

const config::Field& naming_field(const EditKind& kind, std::size_t part) {
    const Shape& shape = kind.word == "machine"
                             ? spec_shape().find("pools")->shape().find("machines")->shape()
                             : spec_shape().find(kind.list)->shape();
    return *shape.find(kind.naming[std::min(part, kind.naming.size() - 1)]);
}

// The fields that a name consists of: one, or two joined by a colon.
Result<Value> identity_of(const EditKind& kind, const std::string& name) {
    std::vector<std::string> parts{name};
    if (!kind.form.empty()) {
        const std::size_t colon = name.find(':');
        if (colon == std::string::npos)
            return fail(
                Errc::invalid,
                fmt::format(
                    "the name of {} has two parts, got '{}'",
                    kind.summary,
                    printable(name.substr(0, 80))
                ),
                fmt::format("write {}", kind.form)
            );
        parts = {name.substr(0, colon), name.substr(colon + 1)};
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const EditField field{std::string{naming_field(kind, i).key}, &naming_field(kind, i)};
        const std::string wrong = parts[i].empty() ? "must not be empty" : refusal(field, parts[i]);
        if (!wrong.empty())
            return fail(Errc::invalid, fmt::format("'{}' {}", field.path, wrong));
    }
    if (kind.word == "link")
        return Value::map(
            {{"between", Value::list({Value::scalar(parts[0]), Value::scalar(parts[1])})}}
        );
    Value identity = Value::map({});
    for (std::size_t i = 0; i < parts.size(); ++i)
        identity.entries.push_back({std::string{kind.naming[i]}, Value::scalar(parts[i])});
    return identity;
}

tl::unexpected<Error> no_such_kind(const Target& target) {
    return fail(
        Errc::usage, fmt::format("there is no kind of thing called '{}'", printable(target.kind))
    );
}

}  // namespace

Result<Place> find_place(const config::Document& document, const Target& target) {
    const EditKind* known = find_edit_kind(target.kind);
    if (known == nullptr)
        return no_such_kind(target);
    const EditKind& kind = *known;
    if (kind.word == "machine" && target.parent_kind.empty())
        return find_machine_anywhere(document, kind, target);
    const auto list = list_of(document, kind, target);
    if (!list)
        return pass(list.error());
    const auto index = index_of(document, *list, kind, target.name);
    if (!index)
        return unknown(document, {*list}, kind, target.name);
    return Place{
        .path = deeper(*list, *index),
        .identity = {},
        .in_front_end = target.parent_kind == "front-end"};
}

Result<Place> place_for_new(const config::Document& document, const Target& target) {
    const EditKind* known = find_edit_kind(target.kind);
    if (known == nullptr)
        return no_such_kind(target);
    const EditKind& kind = *known;
    auto identity = identity_of(kind, target.name);
    if (!identity)
        return pass(identity.error());
    const auto list = list_of(document, kind, target);
    if (!list)
        return pass(list.error());
    if (index_of(document, *list, kind, target.name))
        return fail(
            Errc::conflict,
            fmt::format(
                "{} '{}' is in {} already", kind.word, target.name, document.source->name()
            ),
            fmt::format("change it with: pchatctl topology set {} {}", kind.word, target.name)
        );
    return Place{
        .path = *list,
        .identity = std::move(*identity),
        .in_front_end = target.parent_kind == "front-end"};
}

}  // namespace pchat::topology
