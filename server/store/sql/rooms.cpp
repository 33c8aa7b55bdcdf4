// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/rooms.h"

#include "server/store/sql/invitations.h"
#include "server/store/sql/object_names.h"
#include "server/store/sql/room_tables.h"

#include <set>

namespace pchat::sql {
namespace {

const Statement room_by_id{
    "room by id", "select {columns room} from room where id = :id and removed_at is null"};

const Statement room_by_uuid{
    "room by uuid", "select {columns room} from room where uuid = :uuid and removed_at is null"};

const Statement room_by_name{
    "room by name",
    "select {columns room} from room where id = (select object_id from object_name "
    "where name_key = :name_key and kind = 2)"};

const Statement rooms_page{
    "rooms, a page",
    "select {columns room} from room where removed_at is null and name_sort >= {words :from} "
    "and (name_sort > {words :after} or id > :id) order by name_sort, id {limit :n}"};

const Statement rooms_page_of{
    "rooms of a category, a page",
    "select {columns room} from room where category_id = :category and removed_at is null "
    "and name_sort >= {words :from} and (name_sort > {words :after} or id > :id) "
    "order by name_sort, id {limit :n}"};

const Statement rooms_with_addin{
    "rooms with an add-in",
    "select {columns room} from room where addin_id = :addin and removed_at is null order by id"};

const Statement rooms_all{
    "rooms", "select {columns room} from room where removed_at is null order by id"};

const Statement room_remove{
    "room remove",
    "update room set removed_at = :at, updated_at = :updated_at, revision = revision + 1 "
    "where id = :id and removed_at is null"};

const Statement rooms_removed{
    "rooms removed",
    "select id from room where removed_at is not null order by removed_at {limit :n}"};

const Statement roles_purge{"room roles purge", "delete from room_role where room_id = :room"};
const Statement purged_purge{
    "room purged roles purge", "delete from purged_role where room_id = :room"};
const Statement head_purge{"room head purge", "delete from room_head where room_id = :room"};
const Statement room_purge{
    "room purge", "delete from room where id = :id and removed_at is not null"};

const Statement role_remove{
    "room role remove",
    "delete from room_role where room_id = :room and role = :role and principal_id = :principal"};

const Statement roles_of{
    "room roles",
    "select {columns room_role} from room_role where room_id = :room order by role, principal_id"};

const Statement roles_naming{
    "room roles of a principal",
    "select {columns room_role} from room_role where principal_id = :principal "
    "order by role, room_id"};

const Statement roles_all{
    "room roles, all",
    "select {columns room_role} from room_role order by room_id, role, principal_id"};

}  // namespace

Catalog room_catalog() {
    return {
        {&table_of<Room>(), &table_of<RoomHead>(), &table_of<RoleEntry>()},
        {&room_by_id,
         &room_by_uuid,
         &room_by_name,
         &rooms_page,
         &rooms_page_of,
         &rooms_with_addin,
         &rooms_all,
         &room_remove,
         &rooms_removed,
         &roles_purge,
         &purged_purge,
         &head_purge,
         &room_purge,
         &role_remove,
         &roles_of,
         &roles_naming,
         &roles_all}};
}

Result<void> SqlRoomStore::insert(const Room& room) {
    if (Result<void> named = take_name(tx_, NamedKind::room, room.id.value, room.name); !named)
        return named;
    if (Result<void> inserted = tx_.insert(std::span<const Room>{&room, 1}); !inserted)
        return inserted;
    RoomHead head;
    head.room = room.id;
    head.last_at = room.created_at;
    return tx_.insert(std::span<const RoomHead>{&head, 1});
}

Result<void> SqlRoomStore::update(const Room& room) {
    if (Result<void> known = unless_changed(tx_.update(room), "room"); !known)
        return known;
    if (Result<void> freed = free_name(tx_, NamedKind::room, room.id.value); !freed)
        return freed;
    return take_name(tx_, NamedKind::room, room.id.value, room.name);
}

Result<void> SqlRoomStore::remove(RoomId id, Microseconds at) {
    Result<void> removed = unless_changed(tx_.change(room_remove, at, at, id), "room");
    if (!removed)
        return removed;
    return free_name(tx_, NamedKind::room, id.value);
}

Result<std::vector<RoomId>> SqlRoomStore::removed(int limit) {
    return tx_.list<RoomId>(rooms_removed, limit);
}

Result<void> SqlRoomStore::purge(RoomId id) {
    if (Result<void> withdrawn = SqlInvitationStore{tx_}.withdraw(id); !withdrawn)
        return withdrawn;
    for (const Statement* statement : {&roles_purge, &purged_purge, &head_purge})
        if (Result<void> purged = tx_.run(*statement, id); !purged)
            return pass(std::move(purged).error());
    return unless_changed(tx_.change(room_purge, id), "removed room");
}

Result<std::optional<Room>> SqlRoomStore::find(RoomId id) {
    return tx_.one<Room>(room_by_id, id);
}

Result<std::optional<Room>> SqlRoomStore::find_uuid(std::string_view uuid) {
    return tx_.one<Room>(room_by_uuid, uuid);
}

Result<std::optional<Room>> SqlRoomStore::find_name(std::string_view name_key) {
    return tx_.one<Room>(room_by_name, name_key);
}

Result<std::vector<Room>> SqlRoomStore::page(const NamePosition& after, int limit) {
    return tx_.list<Room>(rooms_page, after.name_sort, after.name_sort, after.id, limit);
}

Result<std::vector<Room>> SqlRoomStore::page_of(
    CategoryId category, const NamePosition& after, int limit
) {
    return tx_.list<Room>(
        rooms_page_of, category, after.name_sort, after.name_sort, after.id, limit
    );
}

Result<std::vector<Room>> SqlRoomStore::with_addin(AddinId addin) {
    return tx_.list<Room>(rooms_with_addin, addin);
}

Result<void> SqlRoomStore::each(const Visit<Room>& visit) {
    return tx_.each<Room>(rooms_all, visit);
}

Result<void> SqlRoomStore::add_roles(std::span<const RoleEntry> entries) {
    std::set<RoleEntry> wanted{entries.begin(), entries.end()};
    std::set<RoomId> rooms;
    for (const RoleEntry& entry : entries)
        rooms.insert(entry.room);
    for (const RoomId room : rooms) {
        const auto there = roles(room);
        if (!there)
            return pass(there.error());
        for (const RoleEntry& entry : *there)
            wanted.erase(entry);
    }
    const std::vector<RoleEntry> missing{wanted.begin(), wanted.end()};
    return tx_.insert(std::span<const RoleEntry>{missing}, Race::again);
}

Result<void> SqlRoomStore::remove_roles(std::span<const RoleEntry> entries) {
    for (const RoleEntry& entry : entries)
        if (Result<void> gone = tx_.run(role_remove, entry.room, entry.role, entry.principal);
            !gone)
            return gone;
    return {};
}

Result<std::vector<RoleEntry>> SqlRoomStore::roles(RoomId id) {
    return tx_.list<RoleEntry>(roles_of, id);
}

Result<std::vector<RoleEntry>> SqlRoomStore::naming(PrincipalId principal) {
    return tx_.list<RoleEntry>(roles_naming, principal);
}

Result<void> SqlRoomStore::each_role(const Visit<RoleEntry>& visit) {
    return tx_.each<RoleEntry>(roles_all, visit);
}

}  // namespace pchat::sql
