// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/walls.h"

#include <iterator>

namespace pchat::test {
namespace {

template <class Set, class Fits>
auto chosen(const Set& set, Fits fits) {
    std::vector<typename Set::value_type> out;
    std::copy_if(set.begin(), set.end(), std::back_inserter(out), fits);
    return out;
}

}  // namespace

Result<void> MemoryWallStore::insert(const Wall& wall) {
    const bool taken = value_of(state_.walls, [&](const Wall& one) {
                           return one.uuid == wall.uuid || one.name_key == wall.name_key;
                       }).has_value();
    if (taken || !state_.walls.emplace(wall.id, wall).second)
        return refuse(state_, "that wall is there");
    return {};
}

Result<void> MemoryWallStore::update(const Wall& wall) {
    const bool taken = value_of(state_.walls, [&](const Wall& one) {
                           return one.id != wall.id && one.name_key == wall.name_key;
                       }).has_value();
    if (taken)
        return refuse(state_, "that name is taken");
    return replace_unchanged(state_.walls, wall);
}

Result<void> MemoryWallStore::remove(WallId id) {
    if (state_.walls.erase(id) == 0)
        return fail(Errc::conflict, "there is no such wall");
    std::erase_if(state_.wall_sides, [&](const WallEntry& one) { return one.wall == id; });
    return {};
}

Result<std::optional<Wall>> MemoryWallStore::find(WallId id) {
    return value_of(state_.walls, [&](const Wall& one) { return one.id == id; });
}

Result<std::optional<Wall>> MemoryWallStore::find_uuid(std::string_view uuid) {
    return value_of(state_.walls, [&](const Wall& one) { return one.uuid == uuid; });
}

Result<std::optional<Wall>> MemoryWallStore::find_name(std::string_view name_key) {
    return value_of(state_.walls, [&](const Wall& one) { return one.name_key == name_key; });
}

Result<std::vector<Wall>> MemoryWallStore::list() {
    return values_of(state_.walls, [](const Wall&) { return true; });
}

Result<void> MemoryWallStore::add_sides(std::span<const WallEntry> entries) {
    for (const WallEntry& one : entries)
        if (!state_.walls.contains(one.wall) || !state_.principals.contains(one.principal) ||
            !state_.wall_sides.insert(one).second)
            return refuse(state_, "it is there, or names nobody");
    return {};
}

Result<void> MemoryWallStore::remove_sides(std::span<const WallEntry> entries) {
    for (const WallEntry& one : entries)
        state_.wall_sides.erase(one);
    return {};
}

Result<std::vector<WallEntry>> MemoryWallStore::sides(WallId id) {
    return chosen(state_.wall_sides, [&](const WallEntry& one) { return one.wall == id; });
}

Result<std::vector<WallEntry>> MemoryWallStore::sides() {
    return chosen(state_.wall_sides, [](const WallEntry&) { return true; });
}

Result<std::vector<WallEntry>> MemoryWallStore::naming(PrincipalId principal) {
    return chosen(state_.wall_sides, [&](const WallEntry& one) {
        return one.principal == principal;
    });
}

Result<void> MemoryPurgeStore::insert(const Purge& purge, std::span<const PurgedRole> roles) {
    const bool taken = value_of(state_.purges, [&](const Purge& one) {
                           return one.uuid == purge.uuid;
                       }).has_value();
    if (taken || !state_.purges.emplace(purge.id, purge).second)
        return refuse(state_, "that purge is there");
    for (const PurgedRole& one : roles)
        if (!state_.purges.contains(one.purge) || !state_.rooms.contains(one.room) ||
            !state_.purged_roles.insert(one).second)
            return refuse(state_, "it is there, or of no room");
    return {};
}

Result<std::optional<Purge>> MemoryPurgeStore::find(PurgeId id) {
    return value_of(state_.purges, [&](const Purge& one) { return one.id == id; });
}

Result<std::optional<Purge>> MemoryPurgeStore::find_uuid(std::string_view uuid) {
    return value_of(state_.purges, [&](const Purge& one) { return one.uuid == uuid; });
}

Result<std::vector<PurgedRole>> MemoryPurgeStore::roles(PurgeId id) {
    return chosen(state_.purged_roles, [&](const PurgedRole& one) { return one.purge == id; });
}

Result<std::vector<PurgedRole>> MemoryPurgeStore::roles(RoomId id) {
    return chosen(state_.purged_roles, [&](const PurgedRole& one) { return one.room == id; });
}

Result<void> MemoryPurgeStore::remove(std::span<const PurgedRole> roles) {
    for (const PurgedRole& one : roles) {
        state_.purged_roles.erase(one);
        const auto left = this->roles(one.purge);
        if (left->empty())
            state_.purges.erase(one.purge);
    }
    return {};
}

Result<std::int64_t> MemoryPurgeStore::forget(Microseconds at, int limit) {
    auto old = values_of(state_.purges, [&](const Purge& one) { return one.at < at; });
    std::sort(old.begin(), old.end(), [](const Purge& a, const Purge& b) {
        return std::tie(a.at, a.id) < std::tie(b.at, b.id);
    });
    if (old.size() > static_cast<std::size_t>(limit))
        old.resize(static_cast<std::size_t>(limit));
    for (const Purge& purge : old) {
        std::erase_if(state_.purged_roles, [&](const PurgedRole& one) {
            return one.purge == purge.id;
        });
        state_.purges.erase(purge.id);
    }
    return static_cast<std::int64_t>(old.size());
}

}  // namespace pchat::test
