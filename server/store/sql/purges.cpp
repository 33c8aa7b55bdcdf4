// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/purges.h"

#include "server/store/sql/wall_tables.h"

#include <set>

namespace pchat::sql {
namespace {

const Statement purge_by_id{
    "purge by id", "select {columns membership_purge} from membership_purge where id = :id"};

const Statement purge_by_uuid{
    "purge by uuid", "select {columns membership_purge} from membership_purge where uuid = :uuid"};

const Statement roles_of_purge{
    "purged roles of a purge",
    "select {columns purged_role} from purged_role where purge_id = :purge "
    "order by room_id, role, principal_id"};

const Statement roles_of_room{
    "purged roles of a room",
    "select {columns purged_role} from purged_role where room_id = :room "
    "order by purge_id, role, principal_id"};

const Statement role_erase{
    "purged role erase",
    "delete from purged_role where purge_id = :purge and room_id = :room and role = :role "
    "and principal_id = :principal"};

const Statement purge_settle{
    "purge erase when empty",
    "delete from membership_purge where id = :id "
    "and not exists (select 1 from purged_role where purge_id = :purge)"};

const Statement purges_before{
    "purges of before",
    "select id from membership_purge where at < :at order by at, id {limit :n}"};

const Statement roles_erase{
    "purged roles erase", "delete from purged_role where purge_id = :purge"};

const Statement purge_erase{"purge erase", "delete from membership_purge where id = :id"};

}  // namespace

Catalog purge_catalog() {
    return {
        {&table_of<Purge>(), &table_of<PurgedRole>()},
        {&purge_by_id,
         &purge_by_uuid,
         &roles_of_purge,
         &roles_of_room,
         &role_erase,
         &purge_settle,
         &purges_before,
         &roles_erase,
         &purge_erase}};
}

Result<void> SqlPurgeStore::insert(const Purge& purge, std::span<const PurgedRole> roles) {
    if (Result<void> made = tx_.insert(std::span<const Purge>{&purge, 1}); !made)
        return made;
    return tx_.insert(roles);
}

Result<std::optional<Purge>> SqlPurgeStore::find(PurgeId id) {
    return tx_.one<Purge>(purge_by_id, id);
}

Result<std::optional<Purge>> SqlPurgeStore::find_uuid(std::string_view uuid) {
    return tx_.one<Purge>(purge_by_uuid, uuid);
}

Result<std::vector<PurgedRole>> SqlPurgeStore::roles(PurgeId id) {
    return tx_.list<PurgedRole>(roles_of_purge, id);
}

Result<std::vector<PurgedRole>> SqlPurgeStore::roles(RoomId id) {
    return tx_.list<PurgedRole>(roles_of_room, id);
}

Result<void> SqlPurgeStore::remove(std::span<const PurgedRole> roles) {
    std::set<PurgeId> purges;
    for (const PurgedRole& one : roles) {
        if (Result<void> gone = tx_.run(role_erase, one.purge, one.room, one.role, one.principal);
            !gone)
            return gone;
        purges.insert(one.purge);
    }
    for (const PurgeId id : purges)
        if (Result<void> settled = tx_.run(purge_settle, id, id); !settled)
            return settled;
    return {};
}

Result<std::int64_t> SqlPurgeStore::forget(Microseconds at, int limit) {
    const auto old = tx_.list<PurgeId>(purges_before, at, limit);
    if (!old)
        return pass(old.error());
    for (const PurgeId id : *old)
        for (const Statement* statement : {&roles_erase, &purge_erase})
            if (Result<void> gone = tx_.run(*statement, id); !gone)
                return pass(std::move(gone).error());
    return static_cast<std::int64_t>(old->size());
}

}  // namespace pchat::sql
