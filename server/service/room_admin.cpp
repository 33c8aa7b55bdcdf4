// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_admin.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/compliance.h"
#include "server/domain/name.h"
#include "server/service/audit_text.h"
#include "server/service/named_object.h"
#include "server/service/room_fields.h"
#include "server/service/room_fit.h"
#include "server/service/room_invitations.h"
#include "server/service/room_purge.h"
#include "server/service/run_change.h"
#include "server/service/without.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::string_view default_category = "General";

/// One room while it is created or changed.
class RoomWork {
public:
    RoomWork(Changes& changes, Change& change, const AdminCall& call)
        : chat_(changes.chat()), change_(change), call_(call),
          lookup_(change, chat_.directory(), names_for(call.person)) {}

    Result<void> create(const RoomFields& fields, RoomChange& out);
    Result<void> alter(std::string_view text, const RoomFields& fields, RoomChange& out);
    Result<void> remove(std::string_view text, std::optional<CategoryId> shelter, RoomChange& out);

private:
    Result<void> may_alter(
        const FoundRoom& found, const KnownCategory& target, const RoomFields& fields
    );
    Result<void> write_lists(const KnownRoom& before, const KnownRoom& after);
    Result<void> tell(const KnownCategory& category, const KnownRoom* before, RoomChange& out);
    void log(
        std::string action,
        std::int64_t kind,
        const KnownRoom& room,
        const KnownCategory& category,
        const AuditText& text
    );

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
    PrincipalLookup lookup_;
};

void RoomWork::log(
    std::string action,
    std::int64_t kind,
    const KnownRoom& room,
    const KnownCategory& category,
    const AuditText& text
) {
    change_.audit(
        std::move(action),
        audit_object_room,
        room.room.id.value,
        room.room.name,
        text.before(),
        text.after()
    );
    change_.record(kind, chat_.directory().read([&](const DirectoryState& state) {
        return compliance_text(
            state, kind, call_.person.id, category.category, &room.room, change_.now(), text.both()
        );
    }));
    change_.touched.rooms.push_back(room.room.id);
}

Result<void> RoomWork::tell(
    const KnownCategory& category, const KnownRoom* before, RoomChange& out
) {
    const auto invited =
        invite(change_, chat_.directory(), call_.person.id, category, before, out.room);
    if (!invited)
        return pass(invited.error());
    out.invited = *invited;
    out.category = category.category.name;
    out.may = rights_in(call_.person, category, out.room);
    return {};
}

Result<void> RoomWork::create(const RoomFields& fields, RoomChange& out) {
    ContentTransaction& tx = change_.tx();
    const Result<KnownCategory> category =
        category_named(tx, fields.category.value_or(std::string{default_category}));
    if (!category)
        return pass(category.error());
    if (Result<void> may = may_create(call_, *category); !may)
        return may;
    if (!fields.name)
        return fail_as("bad-request", Errc::usage, "a room needs a name", {}, "name");
    Room& room = out.room.room;
    room.category = category->category.id;
    if (Result<void> put = put_room_settings(tx, call_, fields, out); !put)
        return put;
    Result<NamedInRoom> named = put_room_lists(lookup_, fields, out.room);
    if (!named)
        return pass(std::move(named).error());
    if (!administers(call_.person)) {
        std::vector<PrincipalId>& managers = out.room.managers;
        const auto place = std::lower_bound(managers.begin(), managers.end(), call_.person.id);
        if (place == managers.end() || *place != call_.person.id)
            managers.insert(place, call_.person.id);
    }
    // Nothing was there before, so that nothing can be purged but what was named.
    if (auto fitted = fit_lists(lookup_, *category, out.room, *named); !fitted)
        return pass(std::move(fitted).error());
    const Result<std::int64_t> id = change_.take_id(IdKind::room);
    if (!id)
        return pass(id.error());
    room.id = RoomId{*id};
    room.uuid = make_uuid(change_.now());
    room.created_at = room.updated_at = change_.now();
    room.created_by = room.updated_by = call_.person.id;
    if (Result<void> made = tx.rooms().insert(room); !made)
        return made;
    if (Result<void> listed = tx.rooms().add_roles(role_entries(out.room)); !listed)
        return listed;
    const auto text =
        audit_text(lookup_, nullptr, {}, &out.room, {category->category.name, out.addin});
    if (!text)
        return pass(text.error());
    log("room.create", compliance_room, out.room, *category, *text);
    return tell(*category, nullptr, out);
}

Result<void> RoomWork::may_alter(
    const FoundRoom& found, const KnownCategory& target, const RoomFields& fields
) {
    const Room& room = found.room.room;
    const bool all = found.rights.has(Right::administration);
    if (!all && !found.rights.has(Right::manage))
        return not_allowed(
            fmt::format("you do not manage room '{}'", room.name),
            "its managers and administrators can change it"
        );
    if (!all && room.disabled && fields.disabled && !*fields.disabled)
        return not_allowed(
            fmt::format("only an administrator can enable room '{}' again", room.name),
            "ask somebody with the role pchat-admin"
        );
    return target.category.id == room.category ? Result<void>{} : may_create(call_, target);
}

Result<void> RoomWork::write_lists(const KnownRoom& before, const KnownRoom& after) {
    const std::vector<RoleEntry> old = role_entries(before);
    const std::vector<RoleEntry> now = role_entries(after);
    if (Result<void> gone = change_.tx().rooms().remove_roles(without(old, now)); !gone)
        return gone;
    // Who comes back later is to be told again.
    for (const PrincipalId one : without(before.members, after.members))
        if (Result<void> done = change_.tx().invitations().withdraw(after.room.id, one); !done)
            return done;
    return change_.tx().rooms().add_roles(without(now, old));
}

Result<void> RoomWork::alter(std::string_view text, const RoomFields& fields, RoomChange& out) {
    ContentTransaction& tx = change_.tx();
    Result<FoundRoom> found = seen_room(tx, call_, text);
    if (!found)
        return pass(std::move(found).error());
    const KnownRoom before = found->room;
    const std::string called = fmt::format("room '{}'", before.room.name);
    const Result<KnownCategory> target =
        fields.category ? category_named(tx, *fields.category) : found->category;
    if (!target)
        return pass(target.error());
    if (Result<void> may = may_alter(*found, *target, fields); !may)
        return may;
    if (Result<void> same = check_revision(call_, before.room.revision, called); !same)
        return same;
    const RoomNames names{
        found->category.category.name, addin_name(chat_.directory(), before.room)};
    out.room = before;
    out.addin = names.addin;
    out.room.room.category = target->category.id;
    if (Result<void> put = put_room_settings(tx, call_, fields, out); !put)
        return put;
    const Result<NamedInRoom> named = put_room_lists(lookup_, fields, out.room);
    if (!named)
        return pass(named.error());
    const KnownRoom asked = out.room;
    auto purged = fit_lists(lookup_, *target, out.room, *named);
    if (!purged)
        return pass(std::move(purged).error());
    out.purged = std::move(*purged);
    const auto changed =
        audit_text(lookup_, &before, names, &out.room, {target->category.name, out.addin});
    if (!changed)
        return pass(changed.error());
    if (changed->empty()) {
        out.category = names.category;
        out.may = found->rights;
        return {};
    }
    Room& room = out.room.room;
    room.updated_at = change_.now();
    room.updated_by = call_.person.id;
    if (Result<void> done = unless_changed(tx.rooms().update(room), called); !done)
        return done;
    ++room.revision;
    if (Result<void> done = write_lists(before, out.room); !done)
        return done;
    log("room.change", compliance_room, out.room, *target, *changed);
    Result<std::string> undo = record_purge(
        change_, call_.person.id, "room.change", before.room.name, lost_roles(asked, out.room)
    );
    if (!undo)
        return pass(std::move(undo).error());
    out.undo = std::move(*undo);
    return tell(*target, &before, out);
}

Result<void> RoomWork::remove(
    std::string_view text, std::optional<CategoryId> shelter, RoomChange& out
) {
    const Result<FoundRoom> found = seen_room(change_.tx(), call_, text);
    if (!found)
        return pass(found.error());
    const Room& room = found->room.room;
    if (!found->rights.has(Right::administration))
        return not_allowed(
            fmt::format("only an administrator can remove room '{}'", room.name),
            "its managers can disable it"
        );
    const std::string called = fmt::format("room '{}'", room.name);
    if (Result<void> same = check_revision(call_, room.revision, called); !same)
        return same;
    if (shelter) {
        Room sheltered = room;
        sheltered.category = *shelter;
        sheltered.addin.reset();
        if (Result<void> put = unless_changed(change_.tx().rooms().update(sheltered), called); !put)
            return put;
    }
    if (Result<void> done =
            unless_changed(change_.tx().rooms().remove(room.id, change_.now()), called);
        !done)
        return done;
    out.room = found->room;
    out.category = found->category.category.name;
    out.addin = addin_name(chat_.directory(), room);
    out.may = found->rights;
    const auto was = audit_text(lookup_, &found->room, {out.category, out.addin}, nullptr, {});
    if (!was)
        return pass(was.error());
    log("room.remove", compliance_purge, out.room, found->category, *was);
    return {};
}

}  // namespace

Result<RoomChange> create_room(
    Changes& changes, Change& change, const AdminCall& call, const RoomFields& fields
) {
    RoomChange out;
    return given(RoomWork{changes, change, call}.create(fields, out), out);
}

Result<RoomChange> change_room(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view room,
    const RoomFields& fields
) {
    RoomChange out;
    return given(RoomWork{changes, change, call}.alter(room, fields, out), out);
}

Result<RoomChange> create_room(Changes& changes, const AdminCall& call, const RoomFields& fields) {
    return run_change<RoomChange>(changes, call, "creating the room", [&](Change& change) {
        return create_room(changes, change, call, fields);
    });
}

Result<RoomChange> change_room(
    Changes& changes, const AdminCall& call, std::string_view room, const RoomFields& fields
) {
    return run_change<RoomChange>(changes, call, "changing the room", [&](Change& change) {
        return change_room(changes, change, call, room, fields);
    });
}

Result<RoomChange> remove_room(Changes& changes, const AdminCall& call, std::string_view room) {
    return run_change<RoomChange>(changes, call, "removing the room", [&](Change& change) {
        return remove_room(changes, change, call, room, {});
    });
}

Result<RoomChange> remove_room(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view room,
    std::optional<CategoryId> shelter
) {
    RoomChange out;
    return given(RoomWork{changes, change, call}.remove(room, shelter, out), out);
}

Result<KnownRoom> administered_room(
    ContentTransaction& tx, const AdminCall& call, std::string_view room
) {
    Result<FoundRoom> found = seen_room(tx, call, room);
    if (!found)
        return pass(std::move(found).error());
    if (!found->rights.has(Right::administration))
        return not_allowed(
            fmt::format(
                "only an administrator can remove or change what was said in room '{}'",
                found->room.room.name
            ),
            "ask somebody with the role pchat-admin"
        );
    return std::move(found->room);
}

}  // namespace pchat
