// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_fields.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/service/named_object.h"
#include "server/service/room_fit.h"
#include "server/service/token_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {

bool administers(const Person& person) {
    return person.has(AdminRole::pchat_admin);
}

Result<KnownCategory> category_named(ContentTransaction& tx, std::string_view name) {
    auto row = find_category(tx, name);
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return category_not_found(name);
    return with_lists(tx, std::move(**row));
}

Result<FoundRoom> seen_room(ContentTransaction& tx, const AdminCall& call, std::string_view text) {
    auto row = find_room(tx, text);
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return room_not_found(text);
    FoundRoom out;
    auto category_row = tx.categories().find((*row)->category);
    if (!category_row)
        return pass(std::move(category_row).error());
    if (!*category_row)
        return room_not_found(text);
    Result<KnownCategory> category = with_lists(tx, std::move(**category_row));
    if (!category)
        return pass(std::move(category).error());
    Result<KnownRoom> room = with_lists(tx, std::move(**row));
    if (!room)
        return pass(std::move(room).error());
    out.category = std::move(*category);
    out.room = std::move(*room);
    const TokenScope* scope = call.person.scope.get();
    if (scope != nullptr && !scope->covers(out.category.category.id, out.room.room.id))
        return beyond_scope(fmt::format("room '{}'", text));
    out.rights = rights_in(call.person, out.category, out.room);
    // Who has any role may read the settings of all rooms.
    if (!out.rights.has(Right::view) && call.person.roles == 0)
        return room_not_found(text);
    return out;
}

Result<void> may_create(const AdminCall& call, const KnownCategory& category) {
    const Person& person = call.person;
    if (person.scope != nullptr && !person.scope->covers(category.category.id))
        return beyond_scope(fmt::format("new rooms in category '{}'", category.category.name));
    if (administers(person))
        return {};
    const std::vector<PrincipalId>& all = person.affiliations;
    if (person.state == PrincipalState::active && person.policy_enabled &&
        meet(all, category.creators) && meet(all, category.allowed) && !meet(all, category.denied))
        return {};
    return not_allowed(
        fmt::format("you may not create rooms in category '{}'", category.category.name),
        "an administrator can make you one of its creators"
    );
}

Result<void> check_room_name_free(
    ContentTransaction& tx, const AdminCall& call, RoomId id, const std::string& name
) {
    const Result<NameTaken> taken = name_taken(tx, name);
    if (!taken)
        return pass(taken.error());
    if (*taken == NameTaken::no)
        return {};
    if (*taken == NameTaken::by_room) {
        const auto other = find_room(tx, name);
        if (!other)
            return pass(other.error());
        if (*other && (*other)->id == id)
            return {};
        if (seen_room(tx, call, name))
            return fail_as(
                "room-exists",
                Errc::conflict,
                fmt::format("room '{}' exists already", name),
                "choose another name",
                "name"
            );
    }
    // Of a room that the caller may not see no more is told than that the name is not free.
    return fail_as(
        "name-taken",
        Errc::conflict,
        fmt::format("the name '{}' is taken", name),
        "rooms and categories share one space of names: choose another one",
        "name"
    );
}

Result<std::optional<Addin>> addin_named(ContentTransaction& tx, const std::string& text) {
    if (text.empty())
        return std::optional<Addin>{};
    auto found = is_uuid(text) ? tx.addins().find_uuid(lower_ascii(text))
                               : tx.addins().find_name(name_key(text));
    if (!found || *found)
        return found;
    return fail_as(
        "addin-not-found",
        Errc::not_found,
        fmt::format("add-in '{}' does not exist", text),
        "an administrator has to register it first",
        "addin"
    );
}

std::string addin_name(const Directory& directory, const Room& room) {
    return directory.read([&](const DirectoryState& state) {
        const Addin* addin = room.addin ? state.addin(*room.addin) : nullptr;
        return addin == nullptr ? std::string{} : addin->name;
    });
}

Result<void> put_room_settings(
    ContentTransaction& tx, const AdminCall& call, const RoomFields& fields, RoomChange& out
) {
    Room& room = out.room.room;
    if (fields.name) {
        Result<std::string> name = checked_name(*fields.name);
        if (!name)
            return pass(std::move(name).error());
        if (Result<void> free = check_room_name_free(tx, call, room.id, *name); !free)
            return free;
        room.name = std::move(*name);
        room.name_sort = name_sort(room.name);
        out.room.name_key = name_key(room.name);
    }
    if (fields.description) {
        Result<std::string> description = checked_description(*fields.description);
        if (!description)
            return pass(std::move(description).error());
        room.description = std::move(*description);
    }
    if (fields.addin) {
        const auto addin = addin_named(tx, *fields.addin);
        if (!addin)
            return pass(addin.error());
        room.addin = *addin ? std::optional{(*addin)->id} : std::nullopt;
        out.addin = *addin ? (*addin)->name : std::string{};
    }
    room.type = fields.type.value_or(room.type);
    room.privacy = fields.privacy.value_or(room.privacy);
    room.invitations = fields.invitations.value_or(room.invitations);
    room.disabled = fields.disabled.value_or(room.disabled);
    return {};
}

Result<NamedInRoom> put_room_lists(
    PrincipalLookup& lookup, const RoomFields& fields, KnownRoom& room
) {
    NamedInRoom out;
    struct List {
        const ListChange& change;
        std::vector<PrincipalId>& list;
        std::vector<PrincipalId>& named;
        std::string_view field;
    };
    for (const List& each :
         {List{fields.members, room.members, out.members, "members"},
          List{fields.managers, room.managers, out.managers, "managers"},
          List{fields.presenters, room.presenters, out.presenters, "presenters"}}) {
        Result<ChangedList> changed = changed_list(lookup, each.change, each.list, each.field);
        if (!changed)
            return pass(std::move(changed).error());
        each.list = std::move(changed->list);
        each.named = std::move(changed->named);
    }
    return out;
}

std::vector<RoleEntry> role_entries(const KnownRoom& room) {
    std::vector<RoleEntry> out;
    for (const PrincipalId one : room.members)
        out.push_back({room.room.id, RoomRole::member, one});
    for (const PrincipalId one : room.managers)
        out.push_back({room.room.id, RoomRole::manager, one});
    for (const PrincipalId one : room.presenters)
        out.push_back({room.room.id, RoomRole::presenter, one});
    return out;
}

}  // namespace pchat
