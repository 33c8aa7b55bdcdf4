// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/walls.h"

#include "server/store/sql/wall_tables.h"

namespace pchat::sql {
namespace {

const Statement wall_by_id{"wall by id", "select {columns wall} from wall where id = :id"};

const Statement wall_by_uuid{"wall by uuid", "select {columns wall} from wall where uuid = :uuid"};

const Statement wall_by_name{
    "wall by name", "select {columns wall} from wall where name_key = :name_key"};

const Statement walls_all{"walls", "select {columns wall} from wall order by id"};

const Statement wall_erase{"wall erase", "delete from wall where id = :id"};

const Statement sides_erase{"wall sides erase", "delete from wall_principal where wall_id = :wall"};

const Statement side_remove{
    "wall side remove",
    "delete from wall_principal where wall_id = :wall and side = :side "
    "and principal_id = :principal"};

const Statement sides_of{
    "wall sides",
    "select {columns wall_principal} from wall_principal where wall_id = :wall "
    "order by side, principal_id"};

const Statement sides_all{
    "wall sides, all",
    "select {columns wall_principal} from wall_principal order by wall_id, side, principal_id"};

const Statement sides_naming{
    "wall sides of a principal",
    "select {columns wall_principal} from wall_principal where principal_id = :principal "
    "order by wall_id, side"};

}  // namespace

Catalog wall_catalog() {
    return {
        {&table_of<Wall>(), &table_of<WallEntry>()},
        {&wall_by_id,
         &wall_by_uuid,
         &wall_by_name,
         &walls_all,
         &wall_erase,
         &sides_erase,
         &side_remove,
         &sides_of,
         &sides_all,
         &sides_naming}};
}

Result<void> SqlWallStore::insert(const Wall& wall) {
    return tx_.insert(std::span<const Wall>{&wall, 1});
}

Result<void> SqlWallStore::update(const Wall& wall) {
    return unless_changed(tx_.update(wall), "wall");
}

Result<void> SqlWallStore::remove(WallId id) {
    if (Result<void> erased = tx_.run(sides_erase, id); !erased)
        return erased;
    return unless_changed(tx_.change(wall_erase, id), "wall");
}

Result<std::optional<Wall>> SqlWallStore::find(WallId id) {
    return tx_.one<Wall>(wall_by_id, id);
}

Result<std::optional<Wall>> SqlWallStore::find_uuid(std::string_view uuid) {
    return tx_.one<Wall>(wall_by_uuid, uuid);
}

Result<std::optional<Wall>> SqlWallStore::find_name(std::string_view name_key) {
    return tx_.one<Wall>(wall_by_name, name_key);
}

Result<std::vector<Wall>> SqlWallStore::list() {
    return tx_.list<Wall>(walls_all);
}

Result<void> SqlWallStore::add_sides(std::span<const WallEntry> entries) {
    return tx_.insert(entries);
}

Result<void> SqlWallStore::remove_sides(std::span<const WallEntry> entries) {
    for (const WallEntry& entry : entries)
        if (Result<void> gone = tx_.run(side_remove, entry.wall, entry.side, entry.principal);
            !gone)
            return gone;
    return {};
}

Result<std::vector<WallEntry>> SqlWallStore::sides(WallId id) {
    return tx_.list<WallEntry>(sides_of, id);
}

Result<std::vector<WallEntry>> SqlWallStore::sides() {
    return tx_.list<WallEntry>(sides_all);
}

Result<std::vector<WallEntry>> SqlWallStore::naming(PrincipalId principal) {
    return tx_.list<WallEntry>(sides_naming, principal);
}

}  // namespace pchat::sql
