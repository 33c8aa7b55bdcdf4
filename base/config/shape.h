// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/located.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pchat::config {

/// What a field holds. `text` refuses plain scalars that a YAML reader could take for something
/// else
/// (`yes`, `010`); `label` takes them as they are written (a version: 2012 or "2012").
enum class FieldKind : std::uint8_t {
    text,
    label,
    boolean,
    integer,
    choice,
    text_list,
    object,
    object_list
};

struct Shape;

/// How to reach one member of an object of the model; only those that fit the kind are set.
struct Access {
    Slot& (*slot)(Object& object) = nullptr;
    std::string* (*text)(Object& object) = nullptr;                  // text, label
    bool* (*boolean)(Object& object) = nullptr;                      // boolean
    std::int64_t* (*integer)(Object& object) = nullptr;              // integer
    List<Located<std::string>>* (*texts)(Object& object) = nullptr;  // text_list
    void (*choose)(Object& object, int index) = nullptr;  // choice: by index into `choices`
    int (*chosen)(const Object& object) = nullptr;
    Object& (*child)(Object& object) = nullptr;            // object
    Object& (*append)(Object& object) = nullptr;           // object_list: a new item at the end
    void (*set_incomplete)(Object& object) = nullptr;      // object_list: an item was unreadable
    std::size_t (*count)(const Object& object) = nullptr;  // object_list
    Object& (*item)(Object& object, std::size_t index) = nullptr;  // object_list
};

/// One field of an object: drives reading, the "unknown key" suggestion, the JSON Schema, the flags
/// of `topology add|set`, completion and the FIELDS part of the manual.
struct Field {
    std::string_view key;
    FieldKind kind = FieldKind::text;
    std::string_view doc = {};  // one sentence for the manual
    Access access = {};
    const Shape& (*shape)() = nullptr;  // object, object_list
    bool required = false;
    bool secret = false;                         // its value is never shown
    std::string_view default_text = {};          // as it would be written; empty: none
    std::vector<std::string_view> choices = {};  // choice; text_list: what its items may be
    std::int64_t min = 0;
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::string_view refers = {};  // kind of thing that it names: "sql-instance"
    std::string_view missing_rule = "SHAPE-03";
    std::string_view missing_text = {};  // instead of "has no 'key'"
    std::string_view range_rule = "SHAPE-07";
    std::size_t max_length = 256;  // texts, in code points
};

/// The fields of one kind of object.
struct Shape {
    std::string_view name;      // "pool"
    std::string_view name_key;  // the field that names one: "fqdn"; empty when there is none
    std::vector<Field> fields;

    [[nodiscard]] const Field* find(std::string_view key) const;
};

// For walking a model by its field table without writing to it.
const Slot& slot_of(const Field& field, const Object& object);
const std::string& text_of(const Field& field, const Object& object);
bool boolean_of(const Field& field, const Object& object);
std::int64_t integer_of(const Field& field, const Object& object);
std::string_view choice_of(const Field& field, const Object& object);
const std::vector<Located<std::string>>& texts_of(const Field& field, const Object& object);
const Object& child_of(const Field& field, const Object& object);
std::size_t count_of(const Field& field, const Object& object);
const Object& item_of(const Field& field, const Object& object, std::size_t index);

namespace detail {
template <class M>
struct MemberOf;
template <class C, class T>
struct MemberOf<T C::*> {
    using Class = C;
    using Type = T;
};
template <auto Member>
using ClassOf = typename MemberOf<decltype(Member)>::Class;

template <auto Member>
auto& member(Object& object) {
    return static_cast<ClassOf<Member>&>(object).*Member;
}
template <auto Member>
const auto& member(const Object& object) {
    return static_cast<const ClassOf<Member>&>(object).*Member;
}
}  // namespace detail

/// A field of a plain kind that lives in `Member`; which one follows from the member's type.
template <auto Member>
Field plain(std::string_view key, std::string_view doc) {
    using Type = typename detail::MemberOf<decltype(Member)>::Type;
    Field field{.key = key, .doc = doc};
    field.access.slot = [](Object& o) -> Slot& { return detail::member<Member>(o); };
    if constexpr (std::is_same_v<Type, Located<std::string>>) {
        field.kind = FieldKind::text;
        field.access.text = [](Object& o) { return &detail::member<Member>(o).value; };
    } else if constexpr (std::is_same_v<Type, Located<bool>>) {
        field.kind = FieldKind::boolean;
        field.access.boolean = [](Object& o) { return &detail::member<Member>(o).value; };
    } else if constexpr (std::is_same_v<Type, Located<std::int64_t>>) {
        field.kind = FieldKind::integer;
        field.access.integer = [](Object& o) { return &detail::member<Member>(o).value; };
    } else {
        static_assert(
            std::is_same_v<Type, List<Located<std::string>>>, "no field kind for this member"
        );
        field.kind = FieldKind::text_list;
        field.access.texts = [](Object& o) { return &detail::member<Member>(o); };
    }
    return field;
}

/// An enumeration: the order of `choices` is the order of the enumerators.
template <auto Member>
Field choice(std::string_view key, std::vector<std::string_view> choices, std::string_view doc) {
    Field field{.key = key, .kind = FieldKind::choice, .doc = doc, .choices = std::move(choices)};
    field.access.slot = [](Object& o) -> Slot& { return detail::member<Member>(o); };
    field.access.choose = [](Object& o, int index) {
        auto& slot = detail::member<Member>(o);
        slot.value = static_cast<std::remove_reference_t<decltype(slot.value)>>(index);
    };
    field.access.chosen = [](const Object& o) {
        return static_cast<int>(detail::member<Member>(o).value);
    };
    return field;
}

template <auto Member>
Field object(std::string_view key, const Shape& (*shape)(), std::string_view doc) {
    Field field{.key = key, .kind = FieldKind::object, .doc = doc, .shape = shape};
    field.access.slot = [](Object& o) -> Slot& { return detail::member<Member>(o); };
    field.access.child = [](Object& o) -> Object& { return detail::member<Member>(o); };
    return field;
}

template <auto Member>
Field object_list(std::string_view key, const Shape& (*shape)(), std::string_view doc) {
    Field field{.key = key, .kind = FieldKind::object_list, .doc = doc, .shape = shape};
    field.access.slot = [](Object& o) -> Slot& { return detail::member<Member>(o); };
    field.access.append = [](Object& o) -> Object& {
        return detail::member<Member>(o).items.emplace_back();
    };
    field.access.set_incomplete = [](Object& o) { detail::member<Member>(o).complete = false; };
    field.access.count = [](const Object& o) { return detail::member<Member>(o).items.size(); };
    field.access.item = [](Object& o, std::size_t i) -> Object& {
        return detail::member<Member>(o).items[i];
    };
    return field;
}

}  // namespace pchat::config
