// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/mapping.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

enum class NamedKind : std::uint8_t { category = 1, room };

/// Rooms and categories share one space of names.
struct ObjectName {
    std::string name_key;
    NamedKind kind = NamedKind::room;
    std::int64_t object_id = 0;
};

template <>
struct Mapping<ObjectName> {
    static constexpr std::string_view table = "object_name";
    static constexpr auto columns = std::tuple{
        column("name_key", &ObjectName::name_key, Part::key),
        column("kind", &ObjectName::kind),
        column("object_id", &ObjectName::object_id)};
};

Catalog object_name_catalog();

/// `conflict` when another thing has that name.
Result<void> take_name(
    Transaction& tx, NamedKind kind, std::int64_t object_id, std::string_view name
);
Result<void> free_name(Transaction& tx, NamedKind kind, std::int64_t object_id);

}  // namespace pchat::sql
