// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/rooms.h"

#include "server/domain/name.h"

namespace pchat::test {
namespace {

/// Both kinds share one space of names: categories are kept as negative numbers.
Result<void> take_name(MemoryState& state, std::string_view name, std::int64_t who) {
    const std::string key = name_key(name);
    if (const auto there = state.names.find(key); there != state.names.end())
        return fail(Errc::conflict, "named so already");
    state.names.emplace(key, who);
    return {};
}

void free_name(MemoryState& state, std::int64_t who) {
    std::erase_if(state.names, [&](const auto& entry) { return entry.second == who; });
}

std::optional<Room> living(const MemoryState& state, RoomId id) {
    const auto there = state.rooms.find(id);
    if (there == state.rooms.end() || there->second.removed_at)
        return std::nullopt;
    return there->second;
}

bool lives(const Room& room) {
    return !room.removed_at;
}

}  // namespace

Result<void> MemoryRoomStore::insert(const Room& room) {
    if (Result<void> named = take_name(state_, room.name, room.id.value); !named)
        return named;
    if (!state_.categories.contains(room.category))
        return refuse(state_, "there is no such category");
    const bool taken =
        !values_of(state_.rooms, [&](const Room& one) { return one.uuid == room.uuid; }).empty();
    if (taken || !state_.rooms.emplace(room.id, room).second)
        return refuse(state_, "that room is there");
    RoomHead head;
    head.room = room.id;
    head.last_at = room.created_at;
    state_.heads.emplace(room.id, head);
    return {};
}

Result<void> MemoryRoomStore::update(const Room& room) {
    if (Result<void> done = replace_unchanged(state_.rooms, room); !done)
        return done;
    free_name(state_, room.id.value);
    return take_name(state_, room.name, room.id.value);
}

Result<void> MemoryRoomStore::remove(RoomId id, Microseconds at) {
    if (!living(state_, id))
        return fail(Errc::conflict, "there is no such room");
    Room& room = state_.rooms.at(id);
    room.removed_at = room.updated_at = at;
    ++room.revision;
    free_name(state_, id.value);
    return {};
}

Result<std::vector<RoomId>> MemoryRoomStore::removed(int limit) {
    auto rooms = values_of(state_.rooms, [](const Room& room) { return !lives(room); });
    std::stable_sort(rooms.begin(), rooms.end(), [](const Room& a, const Room& b) {
        return a.removed_at < b.removed_at;
    });
    std::vector<RoomId> out;
    for (const Room& room : rooms)
        if (out.size() < static_cast<std::size_t>(limit))
            out.push_back(room.id);
    return out;
}

Result<void> MemoryRoomStore::purge(RoomId id) {
    const auto room = state_.rooms.find(id);
    if (room == state_.rooms.end() || lives(room->second))
        return fail(Errc::conflict, "there is no such removed room");
    state_.rooms.erase(room);
    state_.heads.erase(id);
    std::erase_if(state_.roles, [&](const RoleEntry& entry) { return entry.room == id; });
    std::erase_if(state_.purged_roles, [&](const PurgedRole& one) { return one.room == id; });
    return MemoryInvitationStore{state_}.withdraw(id);
}

Result<std::optional<Room>> MemoryRoomStore::find(RoomId id) {
    return living(state_, id);
}

Result<std::optional<Room>> MemoryRoomStore::find_uuid(std::string_view uuid) {
    return value_of(state_.rooms, [&](const Room& room) {
        return lives(room) && room.uuid == uuid;
    });
}

Result<std::optional<Room>> MemoryRoomStore::find_name(std::string_view name_key) {
    const auto there = state_.names.find(std::string{name_key});
    if (there == state_.names.end())
        return std::nullopt;
    return living(state_, RoomId{there->second});
}

Result<std::vector<Room>> MemoryRoomStore::page(const NamePosition& after, int limit) {
    return test::page_of(state_.rooms, after, limit, lives);
}

Result<std::vector<Room>> MemoryRoomStore::page_of(
    CategoryId category, const NamePosition& after, int limit
) {
    return test::page_of(state_.rooms, after, limit, [&](const Room& room) {
        return lives(room) && room.category == category;
    });
}

Result<std::vector<Room>> MemoryRoomStore::with_addin(AddinId addin) {
    return values_of(state_.rooms, [&](const Room& room) {
        return lives(room) && room.addin == addin;
    });
}

Result<void> MemoryRoomStore::each(const Visit<Room>& visit) {
    for (const auto& [id, room] : state_.rooms)
        if (lives(room))
            if (Result<void> seen = visit(room); !seen)
                return seen;
    return {};
}

Result<void> MemoryRoomStore::add_roles(std::span<const RoleEntry> entries) {
    state_.roles.insert(entries.begin(), entries.end());
    return {};
}

Result<void> MemoryRoomStore::remove_roles(std::span<const RoleEntry> entries) {
    for (const RoleEntry& entry : entries)
        state_.roles.erase(entry);
    return {};
}

Result<std::vector<RoleEntry>> MemoryRoomStore::roles(RoomId id) {
    std::vector<RoleEntry> out;
    for (const RoleEntry& entry : state_.roles)
        if (entry.room == id)
            out.push_back(entry);
    return out;
}

Result<std::vector<RoleEntry>> MemoryRoomStore::naming(PrincipalId principal) {
    std::vector<RoleEntry> out;
    for (const RoleEntry& entry : state_.roles)
        if (entry.principal == principal)
            out.push_back(entry);
    std::sort(out.begin(), out.end(), [](const RoleEntry& a, const RoleEntry& b) {
        return std::tie(a.role, a.room) < std::tie(b.role, b.room);
    });
    return out;
}

Result<void> MemoryRoomStore::each_role(const Visit<RoleEntry>& visit) {
    for (const RoleEntry& entry : state_.roles)
        if (Result<void> seen = visit(entry); !seen)
            return seen;
    return {};
}

Result<void> MemoryCategoryStore::insert(const Category& category) {
    if (Result<void> named = take_name(state_, category.name, -category.id.value); !named)
        return named;
    const bool taken = !values_of(state_.categories, [&](const Category& one) {
                            return one.uuid == category.uuid;
                        }).empty();
    if (taken || !state_.categories.emplace(category.id, category).second)
        return refuse(state_, "that category is there");
    return {};
}

Result<void> MemoryCategoryStore::update(const Category& category) {
    if (Result<void> done = replace_unchanged(state_.categories, category); !done)
        return done;
    free_name(state_, -category.id.value);
    return take_name(state_, category.name, -category.id.value);
}

Result<bool> MemoryCategoryStore::has_rooms(CategoryId id) {
    return std::any_of(state_.rooms.begin(), state_.rooms.end(), [&](const auto& one) {
        return one.second.category == id;
    });
}

Result<void> MemoryCategoryStore::remove(CategoryId id) {
    if (*has_rooms(id))
        return refuse(state_, "it has rooms");
    if (state_.categories.erase(id) == 0)
        return fail(Errc::conflict, "there is no such category");
    free_name(state_, -id.value);
    std::erase_if(state_.scope, [&](const ScopeEntry& entry) { return entry.category == id; });
    return {};
}

Result<std::optional<Category>> MemoryCategoryStore::find(CategoryId id) {
    return value_of(state_.categories, [&](const Category& one) { return one.id == id; });
}

Result<std::optional<Category>> MemoryCategoryStore::find_uuid(std::string_view uuid) {
    return value_of(state_.categories, [&](const Category& one) { return one.uuid == uuid; });
}

Result<std::optional<Category>> MemoryCategoryStore::find_name(std::string_view name_key) {
    const auto there = state_.names.find(std::string{name_key});
    if (there == state_.names.end())
        return std::nullopt;
    return find(CategoryId{-there->second});
}

Result<std::vector<Category>> MemoryCategoryStore::page(const NamePosition& after, int limit) {
    return page_of(state_.categories, after, limit, [](const Category&) { return true; });
}

Result<void> MemoryCategoryStore::each(const Visit<Category>& visit) {
    return show_all(state_.categories, visit);
}

Result<void> MemoryCategoryStore::add_scope(std::span<const ScopeEntry> entries) {
    state_.scope.insert(entries.begin(), entries.end());
    return {};
}

Result<void> MemoryCategoryStore::remove_scope(std::span<const ScopeEntry> entries) {
    for (const ScopeEntry& entry : entries)
        state_.scope.erase(entry);
    return {};
}

Result<std::vector<ScopeEntry>> MemoryCategoryStore::scope(CategoryId id) {
    std::vector<ScopeEntry> out;
    for (const ScopeEntry& entry : state_.scope)
        if (entry.category == id)
            out.push_back(entry);
    return out;
}

Result<std::vector<ScopeEntry>> MemoryCategoryStore::naming(PrincipalId principal) {
    std::vector<ScopeEntry> out;
    for (const ScopeEntry& entry : state_.scope)
        if (entry.principal == principal)
            out.push_back(entry);
    return out;
}

Result<void> MemoryCategoryStore::each_scope(const Visit<ScopeEntry>& visit) {
    for (const ScopeEntry& entry : state_.scope)
        if (Result<void> seen = visit(entry); !seen)
            return seen;
    return {};
}

Result<void> MemoryAddinStore::insert(const Addin& addin) {
    const bool taken = !values_of(state_.addins, [&](const Addin& one) {
                            return one.uuid == addin.uuid || one.name_key == addin.name_key;
                        }).empty();
    if (taken || !state_.addins.emplace(addin.id, addin).second)
        return refuse(state_, "that add-in is there");
    return {};
}

Result<void> MemoryAddinStore::update(const Addin& addin) {
    const bool taken = !values_of(state_.addins, [&](const Addin& one) {
                            return one.id != addin.id && one.name_key == addin.name_key;
                        }).empty();
    if (taken)
        return refuse(state_, "that name is taken");
    return replace_unchanged(state_.addins, addin);
}

Result<void> MemoryAddinStore::remove(AddinId id) {
    for (const auto& [room_id, room] : state_.rooms)
        if (room.addin == id)
            return refuse(state_, "rooms have it");
    if (state_.addins.erase(id) == 0)
        return fail(Errc::conflict, "there is no such add-in");
    return {};
}

Result<std::optional<Addin>> MemoryAddinStore::find_uuid(std::string_view uuid) {
    return value_of(state_.addins, [&](const Addin& one) { return one.uuid == uuid; });
}

Result<std::optional<Addin>> MemoryAddinStore::find_name(std::string_view name_key) {
    return value_of(state_.addins, [&](const Addin& one) { return one.name_key == name_key; });
}

Result<std::vector<Addin>> MemoryAddinStore::list() {
    auto out = values_of(state_.addins, [](const Addin&) { return true; });
    std::sort(out.begin(), out.end(), [](const Addin& a, const Addin& b) {
        return a.name_key < b.name_key;
    });
    return out;
}

Result<std::vector<Invitation>> MemoryInvitationStore::add(std::span<const Invitation> invitations
) {
    std::vector<Invitation> out;
    std::vector<Invitation> wanted{invitations.begin(), invitations.end()};
    std::sort(wanted.begin(), wanted.end(), [](const Invitation& a, const Invitation& b) {
        return std::tie(a.user, a.room) < std::tie(b.user, b.room);
    });
    for (Invitation one : wanted) {
        const bool there = value_of(state_.invitations, [&](const Invitation& known) {
                               return known.user == one.user && known.room == one.room;
                           }).has_value();
        if (there)
            continue;
        one.sequence = ++state_.invitation_heads[one.user];
        state_.invitations.emplace(std::pair{one.user, one.sequence}, one);
        out.push_back(one);
    }
    return out;
}

Result<std::vector<Invitation>> MemoryInvitationStore::after(
    PrincipalId user, std::int64_t sequence, int limit
) {
    return values_of(
        state_.invitations,
        [&](const Invitation& one) { return one.user == user && one.sequence > sequence; },
        static_cast<std::size_t>(limit)
    );
}

Result<void> MemoryInvitationStore::withdraw(RoomId room) {
    std::erase_if(state_.invitations, [&](const auto& entry) { return entry.second.room == room; });
    return {};
}

Result<void> MemoryInvitationStore::withdraw(RoomId room, PrincipalId user) {
    std::erase_if(state_.invitations, [&](const auto& entry) {
        return entry.second.room == room && entry.second.user == user;
    });
    return {};
}

}  // namespace pchat::test
