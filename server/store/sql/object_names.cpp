// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/object_names.h"

#include "server/domain/name.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

const Statement object_named{
    "object by name", "select {columns object_name} from object_name where name_key = :name_key"};

const Statement name_free{
    "object name free", "delete from object_name where kind = :kind and object_id = :id"};

}  // namespace

Catalog object_name_catalog() {
    return {{&table_of<ObjectName>()}, {&object_named, &name_free}};
}

Result<void> take_name(
    Transaction& tx, NamedKind kind, std::int64_t object_id, std::string_view name
) {
    const ObjectName wanted{name_key(name), kind, object_id};
    const auto taken = tx.one<ObjectName>(object_named, wanted.name_key);
    if (!taken)
        return pass(taken.error());
    if (*taken)
        return fail(
            Errc::conflict,
            fmt::format(
                "a {} is named '{}' already",
                (*taken)->kind == NamedKind::room ? "room" : "category",
                name
            ),
            "choose another name: rooms and categories share one space of names"
        );
    return tx.insert(std::span<const ObjectName>{&wanted, 1}, Race::again);
}

Result<void> free_name(Transaction& tx, NamedKind kind, std::int64_t object_id) {
    return tx.run(name_free, kind, object_id);
}

}  // namespace pchat::sql
