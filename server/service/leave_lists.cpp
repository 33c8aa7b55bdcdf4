// SPDX-License-Identifier: Apache-2.0
#include "server/service/leave_lists.h"

#include <utility>

namespace pchat {
namespace {

std::string_view list_of(RoomRole role) {
    switch (role) {
    case RoomRole::member:
        return "members";
    case RoomRole::manager:
        return "managers";
    case RoomRole::presenter:
        return "presenters";
    }
    return "";
}

std::string_view list_of(ScopeKind kind) {
    switch (kind) {
    case ScopeKind::allowed:
        return "allow";
    case ScopeKind::denied:
        return "deny";
    case ScopeKind::creator:
        return "creators";
    }
    return "";
}

Result<void> leave_rooms(Change& change, PrincipalId principal, std::vector<TakenAway>& out) {
    RoomStore& store = change.tx().rooms();
    const auto roles = store.naming(principal);
    if (!roles)
        return pass(roles.error());
    for (const RoleEntry& entry : *roles) {
        const auto room = store.find(entry.room);
        if (!room)
            return pass(room.error());
        if (*room)
            out.push_back({"room", (*room)->uuid, (*room)->name, list_of(entry.role)});
        change.touched.rooms.push_back(entry.room);
    }
    return store.remove_roles(*roles);
}

Result<void> leave_categories(
    Change& change, PrincipalId principal, Bars bars, std::vector<TakenAway>& out
) {
    CategoryStore& store = change.tx().categories();
    auto scope = store.naming(principal);
    if (!scope)
        return pass(std::move(scope).error());
    if (bars == Bars::stay)
        std::erase_if(*scope, [](const ScopeEntry& one) { return one.kind == ScopeKind::denied; });
    for (const ScopeEntry& entry : *scope) {
        const auto category = store.find(entry.category);
        if (!category)
            return pass(category.error());
        if (*category)
            out.push_back({"category", (*category)->uuid, (*category)->name, list_of(entry.kind)});
        change.touched.categories.push_back(entry.category);
    }
    return store.remove_scope(*scope);
}

Result<void> leave_walls(Change& change, PrincipalId principal, std::vector<TakenAway>& out) {
    WallStore& store = change.tx().walls();
    const auto sides = store.naming(principal);
    if (!sides)
        return pass(sides.error());
    for (const WallEntry& entry : *sides) {
        const auto wall = store.find(entry.wall);
        if (!wall)
            return pass(wall.error());
        if (*wall)
            out.push_back(
                {"wall", (*wall)->uuid, (*wall)->name, entry.side == WallFace::a ? "a" : "b"}
            );
        change.touched.walls = true;
    }
    return store.remove_sides(*sides);
}

}  // namespace

Result<void> leave_lists(
    Change& change, PrincipalId principal, Bars bars, std::vector<TakenAway>& out
) {
    if (Result<void> left = leave_rooms(change, principal, out); !left)
        return left;
    if (Result<void> left = leave_categories(change, principal, bars, out); !left)
        return left;
    return bars == Bars::stay ? Result<void>{} : leave_walls(change, principal, out);
}

Result<void> leave_groups(Change& change, PrincipalId principal, std::vector<TakenAway>& out) {
    PrincipalStore& store = change.tx().principals();
    const auto parents = store.parents(principal);
    if (!parents)
        return pass(parents.error());
    std::vector<Membership> ended;
    for (const PrincipalId parent : *parents) {
        const auto row = store.find(parent);
        if (!row)
            return pass(row.error());
        if (*row)
            out.push_back({"group", (*row)->uuid, (*row)->name, "members"});
        ended.push_back({parent, principal});
    }
    return store.remove_members(ended);
}

}  // namespace pchat
