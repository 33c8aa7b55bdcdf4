// SPDX-License-Identifier: Apache-2.0
#include "base/config/shape.h"

namespace pchat::config {
namespace {

// The access functions exist once, for writing; reading through them changes nothing.
Object& writable(const Object& object) {
    return const_cast<Object&>(object);
}

}  // namespace

const Field* Shape::find(std::string_view key) const {
    for (const Field& field : fields)
        if (field.key == key)
            return &field;
    return nullptr;
}

const Slot& slot_of(const Field& field, const Object& object) {
    return field.access.slot(writable(object));
}

const std::string& text_of(const Field& field, const Object& object) {
    return *field.access.text(writable(object));
}

bool boolean_of(const Field& field, const Object& object) {
    return *field.access.boolean(writable(object));
}

std::int64_t integer_of(const Field& field, const Object& object) {
    return *field.access.integer(writable(object));
}

std::string_view choice_of(const Field& field, const Object& object) {
    return field.choices[static_cast<std::size_t>(field.access.chosen(object))];
}

const std::vector<Located<std::string>>& texts_of(const Field& field, const Object& object) {
    return field.access.texts(writable(object))->items;
}

const Object& child_of(const Field& field, const Object& object) {
    return field.access.child(writable(object));
}

std::size_t count_of(const Field& field, const Object& object) {
    return field.access.count(object);
}

const Object& item_of(const Field& field, const Object& object, std::size_t index) {
    return field.access.item(writable(object), index);
}

}  // namespace pchat::config
