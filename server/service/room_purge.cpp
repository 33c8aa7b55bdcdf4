// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_purge.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/service/room_fields.h"
#include "server/service/room_fit.h"
#include "server/service/run_change.h"
#include "server/service/without.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace pchat {
namespace {

using Ids = std::vector<PrincipalId>;

struct RoleList {
    RoomRole role;
    std::string_view name;
    Ids KnownRoom::*list;
    ListChange RoomFields::*field;
};
constexpr RoleList role_lists[] = {
    {RoomRole::member, "members", &KnownRoom::members, &RoomFields::members},
    {RoomRole::manager, "managers", &KnownRoom::managers, &RoomFields::managers},
    {RoomRole::presenter, "presenters", &KnownRoom::presenters, &RoomFields::presenters}};

void insert(Ids& list, PrincipalId one) {
    const auto place = std::lower_bound(list.begin(), list.end(), one);
    if (place == list.end() || *place != one)
        list.insert(place, one);
}

bool holds(const Ids& list, PrincipalId one) {
    return std::binary_search(list.begin(), list.end(), one);
}

Result<void> may_undo(const FoundRoom& found) {
    if (found.rights.has(Right::manage) || found.rights.has(Right::administration))
        return {};
    return not_allowed(
        fmt::format("you do not manage room '{}'", found.room.room.name),
        "its managers and administrators can undo what it lost"
    );
}

/// One undo while it runs.
class UndoWork {
public:
    UndoWork(Changes& changes, Change& change, const AdminCall& call)
        : changes_(changes), change_(change), call_(call),
          lookup_(change, changes.chat().directory(), names_for(call.person)) {}

    Result<void> run(std::string_view room, std::string_view purge, PurgeUndo& out);

private:
    Result<std::vector<PurgedRole>> entries(std::string_view room, std::string_view purge);
    Result<std::vector<PurgedRole>> entries_of(std::string_view purge);
    Result<void> undo_room(
        const FoundRoom& room, const std::vector<PurgedRole>& lost, PurgeUndo& out
    );
    Result<std::vector<PurgedRole>> living(const std::vector<PurgedRole>& lost);

    Changes& changes_;
    Change& change_;
    const AdminCall& call_;
    PrincipalLookup lookup_;
};

Result<std::vector<PurgedRole>> UndoWork::entries_of(std::string_view purge) {
    PurgeStore& store = change_.tx().purges();
    const auto found = store.find_uuid(lower_ascii(purge));
    if (!found)
        return pass(found.error());
    if (!*found)
        return fail_as(
            "change-not-found",
            Errc::not_found,
            fmt::format("no change '{}' has taken anybody off a list", printable(purge)),
            "it was undone already, or is older than 30 days",
            "change"
        );
    return store.roles((*found)->id);
}

Result<std::vector<PurgedRole>> UndoWork::entries(std::string_view room, std::string_view purge) {
    if (room.empty())
        return entries_of(purge);
    const Result<FoundRoom> found = seen_room(change_.tx(), call_, room);
    if (!found)
        return pass(found.error());
    if (Result<void> may = may_undo(*found); !may)
        return pass(std::move(may).error());
    const RoomId id = found->room.room.id;
    auto out = purge.empty() ? change_.tx().purges().roles(id) : entries_of(purge);
    if (!out)
        return out;
    PurgeId last;
    if (purge.empty())
        for (const PurgedRole& one : *out)
            last = std::max(last, one.purge);
    std::erase_if(*out, [&](const PurgedRole& one) {
        return one.room != id || (last && one.purge != last);
    });
    return out;
}

/// Whoever is gone is not put back; nothing is to remember them by either.
Result<std::vector<PurgedRole>> UndoWork::living(const std::vector<PurgedRole>& lost) {
    std::vector<PurgedRole> out;
    std::vector<PurgedRole> gone;
    for (const PurgedRole& one : lost) {
        const auto row = change_.tx().principals().find(one.principal);
        if (!row)
            return pass(row.error());
        const bool lives = *row && (*row)->state != PrincipalState::gone;
        (lives ? out : gone).push_back(one);
    }
    if (Result<void> removed = change_.tx().purges().remove(gone); !removed)
        return pass(std::move(removed).error());
    return out;
}

Result<void> UndoWork::undo_room(
    const FoundRoom& found, const std::vector<PurgedRole>& lost, PurgeUndo& out
) {
    const KnownRoom& before = found.room;
    KnownRoom fitted = before;
    for (const PurgedRole& one : lost)
        for (const RoleList& list : role_lists)
            if (list.role == one.role)
                insert(fitted.*list.list, one.principal);
    if (const auto purged = fit_lists(lookup_, found.category, fitted, {}); !purged)
        return pass(purged.error());
    RoomFields fields;
    std::vector<PurgedRole> settled;
    for (const PurgedRole& one : lost)
        for (const RoleList& list : role_lists) {
            if (list.role != one.role)
                continue;
            const Result<std::string> who = lookup_.written(one.principal);
            if (!who)
                return pass(who.error());
            UndoneEntry entry{before.room.uuid, before.room.name, list.name, *who};
            if (!holds(fitted.*list.list, one.principal)) {
                out.refused.push_back(std::move(entry));
                continue;
            }
            settled.push_back(one);
            if (holds(before.*list.list, one.principal))
                continue;  // somebody has put it back by hand
            (fields.*list.field).add.push_back(*who);
            out.restored.push_back(std::move(entry));
        }
    if (Result<void> removed = change_.tx().purges().remove(settled); !removed)
        return removed;
    AdminCall call = call_;
    call.revision.reset();  // of the room: the caller spoke of a purge
    const auto changed = change_room(changes_, change_, call, before.room.uuid, fields);
    return changed ? Result<void>{} : Result<void>{pass(changed.error())};
}

Result<void> UndoWork::run(std::string_view room, std::string_view purge, PurgeUndo& out) {
    const auto all = entries(room, purge);
    if (!all)
        return pass(all.error());
    const auto lost = living(*all);
    if (!lost)
        return pass(lost.error());
    if (lost->empty())
        return {};
    const auto named = change_.tx().purges().find(lost->front().purge);
    if (!named)
        return pass(named.error());
    out.change = *named ? (*named)->uuid : std::string{};
    std::map<RoomId, std::vector<PurgedRole>> rooms;
    for (const PurgedRole& one : *lost)
        rooms[one.room].push_back(one);
    for (const auto& [id, entries] : rooms) {
        const auto row = change_.tx().rooms().find(id);
        if (!row)
            return pass(row.error());
        if (!*row)
            continue;  // removed meanwhile
        const Result<FoundRoom> found = seen_room(change_.tx(), call_, (*row)->uuid);
        if (!found)
            return pass(found.error());
        if (Result<void> may = may_undo(*found); !may)
            return may;
        if (Result<void> undone = undo_room(*found, entries, out); !undone)
            return undone;
    }
    return {};
}

}  // namespace

std::vector<RoleEntry> lost_roles(const KnownRoom& before, const KnownRoom& after) {
    std::vector<RoleEntry> out;
    for (const RoleList& list : role_lists)
        for (const PrincipalId one : without(before.*list.list, after.*list.list))
            out.push_back({before.room.id, list.role, one});
    return out;
}

Result<std::string> record_purge(
    Change& change,
    PrincipalId actor,
    std::string_view action,
    std::string_view object_name,
    const std::vector<RoleEntry>& lost
) {
    if (lost.empty())
        return std::string{};
    const Result<std::int64_t> id = change.take_id(IdKind::purge);
    if (!id)
        return pass(id.error());
    const Purge purge{
        PurgeId{*id},
        make_uuid(change.now()),
        change.now(),
        actor,
        std::string{action},
        std::string{object_name}};
    std::vector<PurgedRole> roles;
    roles.reserve(lost.size());
    for (const RoleEntry& one : lost)
        roles.push_back({purge.id, one.room, one.role, one.principal});
    if (Result<void> kept = change.tx().purges().insert(purge, roles); !kept)
        return pass(std::move(kept).error());
    return purge.uuid;
}

Result<PurgeUndo> undo_purge(
    Changes& changes, const AdminCall& call, std::string_view room, std::string_view change
) {
    if (room.empty() && change.empty())
        return fail_as("bad-request", Errc::usage, "an undo needs a room or a change", {}, "room");
    return run_change<PurgeUndo>(
        changes,
        call,
        "undoing what was taken off lists",
        [&](Change& tx) {
            PurgeUndo out;
            return given(UndoWork{changes, tx, call}.run(room, change, out), out);
        }
    );
}

}  // namespace pchat
