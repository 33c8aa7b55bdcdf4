// SPDX-License-Identifier: Apache-2.0
#include "topology/edit.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "topology/edit_place.h"
#include "topology/model.h"
#include "topology/yaml_edit.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

using config::FieldKind;
using config::Node;
using config::NodeKind;
using yaml::Path;
using yaml::Quoting;
using yaml::Value;
using yaml::ValueEntry;
using yaml::YamlEditor;

Value scalar_for(const EditField& field, const std::string& text) {
    const FieldKind kind = field.field->kind;
    if (kind == FieldKind::boolean || kind == FieldKind::integer)
        return Value::scalar(text, Quoting::never);
    const bool year =
        kind == FieldKind::choice && text.find_first_not_of("0123456789") == std::string::npos;
    return Value::scalar(text, year ? Quoting::kept : Quoting::as_needed);
}

Value list_for(const EditField& field, const std::vector<std::string>& texts) {
    std::vector<Value> items;
    for (const std::string& text : texts) {
        Value item = scalar_for(field, text);
        if (field.field->kind == FieldKind::object_list)
            item = Value::map({{std::string{field.field->shape().name_key}, std::move(item)}});
        items.push_back(std::move(item));
    }
    return Value::list(std::move(items));
}

bool is_list(const EditField& field) {
    return field.field->kind == FieldKind::text_list || field.field->kind == FieldKind::object_list;
}

// Every name that a field answers to: its path, and the spelling of its flag.
bool answers_to(const std::string& path, std::string_view word) {
    return path == word || flag_name(path) == word;
}

Result<EditField> find_field(
    const std::vector<EditField>& fields, const Target& target, const std::string& path
) {
    std::vector<std::string_view> known;
    for (const EditField& field : fields) {
        if (answers_to(field.path, path))
            return field;
        known.push_back(field.path);
    }
    const auto guess = nearest(path, known);
    return fail(
        Errc::invalid,
        fmt::format("{} has no field '{}'", target.kind, printable(path.substr(0, 60))),
        guess ? fmt::format("did you mean '{}'?", *guess) : ""
    );
}

Result<EditField> checked(
    const std::vector<EditField>& fields, const Target& target, const Assignment& assignment
) {
    auto field = find_field(fields, target, assignment.path);
    if (!field)
        return field;
    if (assignment.values.empty() || (assignment.values.size() > 1 && !is_list(*field)))
        return fail(
            Errc::invalid,
            fmt::format("'{}' takes one value, got {}", field->path, assignment.values.size())
        );
    for (const std::string& text : assignment.values)
        if (const std::string wrong = refusal(*field, text); !wrong.empty())
            return fail(Errc::invalid, fmt::format("'{}' {}", field->path, wrong));
    return field;
}

// What fields there are: a front end's machines have their name only.
std::vector<EditField> fields_of(const Target& target, const Place& place) {
    return place.in_front_end ? std::vector<EditField>{} : edit_fields(target.kind);
}

Path path_of(const Target& target, Path thing, const std::string& dotted) {
    if (target.kind == deployment_kind) {
        const std::string first = dotted.substr(0, dotted.find('.'));
        const bool in_metadata = topology_shape().find("metadata")->shape().find(first) != nullptr;
        thing = {std::string{in_metadata ? "metadata" : "spec"}};
    }
    for (std::size_t from = 0; from <= dotted.size();) {
        const std::size_t dot = std::min(dotted.find('.', from), dotted.size());
        thing.emplace_back(dotted.substr(from, dot - from));
        from = dot + 1;
    }
    return thing;
}

void put_in(Value& map, const std::string& dotted, Value value) {
    Value* at = &map;
    std::string rest = dotted;
    for (std::size_t dot = rest.find('.'); dot != std::string::npos; dot = rest.find('.')) {
        const std::string key = rest.substr(0, dot);
        Value* next = at->find(key);
        at = next != nullptr ? next
                             : &at->entries.emplace_back(ValueEntry{key, Value::map({})}).value;
        rest.erase(0, dot + 1);
    }
    at->entries.push_back({rest, std::move(value)});
}

// The new thing, its fields in the order of the table.
Result<Value> build(
    const Target& target, const Place& place, const std::vector<Assignment>& values
) {
    const std::vector<EditField> fields = fields_of(target, place);
    std::vector<const Assignment*> given(fields.size(), nullptr);
    for (const Assignment& assignment : values) {
        const auto field = checked(fields, target, assignment);
        if (!field)
            return pass(field.error());
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (fields[i].path == field->path)
                given[i] = &assignment;
    }
    Value thing = place.identity;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (given[i] == nullptr)
            continue;
        const std::vector<std::string>& texts = given[i]->values;
        put_in(
            thing,
            fields[i].path,
            is_list(fields[i]) ? list_for(fields[i], texts) : scalar_for(fields[i], texts.front())
        );
    }
    return thing;
}

bool holds(const Node* node, const Value& value) {
    return node != nullptr && node->kind == NodeKind::scalar && node->value == value.text &&
           (value.quoting != Quoting::never || node->style == config::ScalarStyle::plain);
}

Result<void> set_item(YamlEditor& editor, Path list, std::size_t index, const Value& value) {
    list.emplace_back(index);
    if (holds(yaml::find_node(editor.root(), list), value))
        return {};
    return editor.put(list, value);
}

Result<void> erase_item(YamlEditor& editor, Path list, std::size_t index) {
    list.emplace_back(index);
    return editor.erase(std::move(list));
}

std::size_t length_of(const YamlEditor& editor, const Path& list) {
    const Node* node = yaml::find_node(editor.root(), list);
    return node == nullptr ? 0 : node->items.size();
}

// Items that stay keep their bytes: first goes what is not wanted, then comes what is missing. When
// none stays the new ones take the places of the old ones.
Result<void> set_list(YamlEditor& editor, const Path& path, const std::vector<Value>& wanted) {
    const auto stays = [&](const Node& item) {
        return std::any_of(wanted.begin(), wanted.end(), [&](const Value& value) {
            return holds(&item, value);
        });
    };
    const Node* list = yaml::find_node(editor.root(), path);
    const bool some_stay =
        list != nullptr && std::any_of(list->items.begin(), list->items.end(), stays);
    for (std::size_t i = length_of(editor, path); some_stay && i > 0; --i)
        if (!stays(yaml::find_node(editor.root(), path)->items[i - 1]))
            if (auto done = erase_item(editor, path, i - 1); !done)
                return done;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (auto done = i < length_of(editor, path) ? set_item(editor, path, i, wanted[i])
                                                    : editor.append(path, wanted[i]);
            !done)
            return done;
    while (length_of(editor, path) > wanted.size())
        if (auto done = erase_item(editor, path, length_of(editor, path) - 1); !done)
            return done;
    return {};
}

Result<void> unset_field(
    YamlEditor& editor, const Target& target, const Place& place, const std::string& word
) {
    const std::vector<EditField> fields = fields_of(target, place);
    std::string path;
    for (const EditField& field : fields)
        for (std::size_t dot = field.path.find('.'); dot != std::string::npos;
             dot = field.path.find('.', dot + 1))
            if (const std::string group = field.path.substr(0, dot); answers_to(group, word))
                path = group;
    if (path.empty()) {
        const auto field = find_field(fields, target, word);
        if (!field)
            return pass(field.error());
        path = field->path;
    }
    const Path full = path_of(target, place.path, path);
    return yaml::find_node(editor.root(), full) == nullptr ? Result<void>{} : editor.erase(full);
}

Result<void> assign(
    YamlEditor& editor, const Target& target, const Place& place, const Assignment& assignment
) {
    const auto field = checked(fields_of(target, place), target, assignment);
    if (!field)
        return pass(field.error());
    if (field->field->kind == FieldKind::object_list)
        return fail(
            Errc::invalid,
            fmt::format("'{}' cannot be set as a whole", field->path),
            "add and remove its items one by one"
        );
    const Path full = path_of(target, place.path, field->path);
    if (is_list(*field))
        return set_list(editor, full, list_for(*field, assignment.values).items);
    const Value value = scalar_for(*field, assignment.values.front());
    return holds(yaml::find_node(editor.root(), full), value) ? Result<void>{}
                                                              : editor.put(full, value);
}

Result<void> editable(const config::Document& document) {
    if (document.root && document.problems.empty() && document.root->kind == NodeKind::mapping)
        return {};
    return fail(
        Errc::bad_file,
        fmt::format("{} cannot be edited before its form is right", document.source->name()),
        fmt::format("pchatctl topology validate {}", document.source->name())
    );
}

}  // namespace

Result<std::string> add_thing(
    const config::Document& document, const Target& target, const std::vector<Assignment>& values
) {
    if (auto good = editable(document); !good)
        return pass(good.error());
    auto place = place_for_new(document, target);
    if (!place)
        return pass(place.error());
    auto thing = build(target, *place, values);
    if (!thing)
        return pass(thing.error());
    YamlEditor editor{document, topology_shape()};
    if (auto done = editor.append(place->path, *thing); !done)
        return pass(done.error());
    return std::string{editor.text()};
}

Result<std::string> set_thing(
    const config::Document& document,
    const Target& target,
    const std::vector<Assignment>& values,
    const std::vector<std::string>& unset
) {
    if (auto good = editable(document); !good)
        return pass(good.error());
    const auto place =
        target.kind == deployment_kind ? Result<Place>{Place{}} : find_place(document, target);
    if (!place)
        return pass(place.error());
    YamlEditor editor{document, topology_shape()};
    for (const Assignment& assignment : values)
        if (auto done = assign(editor, target, *place, assignment); !done)
            return pass(done.error());
    for (const std::string& word : unset)
        if (auto done = unset_field(editor, target, *place, word); !done)
            return pass(done.error());
    return std::string{editor.text()};
}

Result<std::string> remove_thing(const config::Document& document, const Target& target) {
    if (auto good = editable(document); !good)
        return pass(good.error());
    const auto place = find_place(document, target);
    if (!place)
        return pass(place.error());
    YamlEditor editor{document, topology_shape()};
    if (auto done = editor.erase(place->path); !done)
        return pass(done.error());
    return std::string{editor.text()};
}

}  // namespace pchat::topology
