// SPDX-License-Identifier: Apache-2.0
#include "cli/model_json.h"

namespace pchat::cli {

namespace {

using config::Field;
using config::FieldKind;
using config::Object;
using Json = nlohmann::ordered_json;

/// Nothing was written, and no default stands in for it.
bool is_nothing(const Field& field, const Object& object) {
    const config::Slot& slot = config::slot_of(field, object);
    if (!slot.readable())
        return true;
    if (slot.given() || !field.default_text.empty())
        return false;
    switch (field.kind) {
    case FieldKind::text:
    case FieldKind::label:
        return config::text_of(field, object).empty();
    case FieldKind::integer:
        return config::integer_of(field, object) == 0;
    case FieldKind::choice:
        return true;
    case FieldKind::boolean:
    case FieldKind::text_list:
    case FieldKind::object:
    case FieldKind::object_list:
        return false;
    }
    return false;
}

Json texts_to_json(const Field& field, const Object& object) {
    Json items = Json::array();
    for (const config::Located<std::string>& text : config::texts_of(field, object))
        items.push_back(*text);
    return items;
}

Json list_to_json(const Field& field, const Object& object) {
    Json items = Json::array();
    for (std::size_t i = 0; i < config::count_of(field, object); ++i)
        items.push_back(model_to_json(config::item_of(field, object, i), field.shape()));
    return items;
}

Json value_to_json(const Field& field, const Object& object) {
    if (is_nothing(field, object))
        return nullptr;
    switch (field.kind) {
    case FieldKind::text:
    case FieldKind::label:
        return config::text_of(field, object);
    case FieldKind::boolean:
        return config::boolean_of(field, object);
    case FieldKind::integer:
        return config::integer_of(field, object);
    case FieldKind::choice:
        return config::choice_of(field, object);
    case FieldKind::text_list:
        return texts_to_json(field, object);
    case FieldKind::object:
        return model_to_json(config::child_of(field, object), field.shape());
    case FieldKind::object_list:
        return list_to_json(field, object);
    }
    return nullptr;
}

}  // namespace

Json model_to_json(const Object& object, const config::Shape& shape) {
    Json json = Json::object();
    for (const Field& field : shape.fields)
        json[std::string(field.key)] = value_to_json(field, object);
    return json;
}

}  // namespace pchat::cli
