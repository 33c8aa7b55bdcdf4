// SPDX-License-Identifier: Apache-2.0
// Rooms: what they are, who is on their lists, and who is in them.
#include "server/api/admin_request.h"
#include "server/api/room_list_query.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/listing.h"
#include "server/service/named_object.h"
#include "server/service/room_admin.h"
#include "server/service/room_purge.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pchat::api {
namespace {

template <class Words>
std::vector<std::string_view> listed(const Words& words) {
    return {std::begin(words), std::end(words)};
}

Result<RoomFields> read_room(std::string_view body) {
    wire::JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    RoomFields out;
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = in.optional_text(name, any);
        return found ? std::optional{std::string{*found}} : std::nullopt;
    };
    out.name = text("name");
    out.description = text("description");
    out.category = text("category");
    out.addin = text("addin");
    if (const auto type = in.optional_choice("type", listed(room_type_words)))
        out.type = static_cast<RoomType>(*type + 1);
    if (const auto privacy = in.optional_choice("privacy", listed(room_privacy_words)))
        out.privacy = static_cast<RoomPrivacy>(*privacy + 1);
    if (const auto invitations = in.optional_choice("invitations", {"inherit", "off"}))
        out.invitations = *invitations == 0;
    out.disabled = in.optional_bool("disabled");
    out.members = read_list(in, "members", "add_members", "remove_members");
    out.managers = read_list(in, "managers", "add_managers", "remove_managers");
    out.presenters = read_list(in, "presenters", "add_presenters", "remove_presenters");
    if (in.problem())
        return pass(*in.problem());
    return out;
}

/// What everybody who sees the room is told, and to those who manage it or have any role the lists.
std::string room_fields(
    const DirectoryState& state,
    const Person& person,
    const KnownRoom& known,
    std::string_view category,
    std::string_view addin,
    Rights may
) {
    const Room& room = known.room;
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("id", room.uuid)
        .text("name", room.name)
        .text("description", room.description)
        .text("category", category)
        .text("type", to_string(room.type))
        .text("privacy", to_string(room.privacy))
        .text("invitations", room.invitations ? "inherit" : "off")
        .boolean("disabled", room.disabled);
    if (!addin.empty())
        fields.text("addin", addin);
    if (person.roles != 0 || may.has(Right::manage)) {
        write_list(fields, "members", state, known.members);
        write_list(fields, "managers", state, known.managers);
        write_list(fields, "presenters", state, known.presenters);
    }
    fields.time("created_at", room.created_at)
        .text("created_by", written(state, room.created_by))
        .time("updated_at", room.updated_at)
        .number("revision", room.revision)
        .texts("may", words(may));
    return out;
}

std::string room_fields(
    const DirectoryState& state, const Person& person, const KnownRoom& known, Rights may
) {
    const KnownCategory* category = state.category(known.room.category);
    const Addin* addin = known.room.addin ? state.addin(*known.room.addin) : nullptr;
    return room_fields(
        state,
        person,
        known,
        category == nullptr ? std::string_view{} : category->category.name,
        addin == nullptr ? std::string_view{} : addin->name,
        may
    );
}

net::HttpResponse answer(const Call& call, int status, const RoomChange& change) {
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.fields(
            room_fields(state, call.person, change.room, change.category, change.addin, change.may)
        );
        write_purged(fields, change.purged);
        if (!change.undo.empty() && !call.dry_run())
            fields.text("undo", change.undo);
        if (change.invited > 0)
            fields.number("invited", static_cast<std::int64_t>(change.invited));
        return 0;
    });
    return object_response(status, body + "}", change.room.room.revision);
}

Result<PrincipalId> user_of(
    const DirectoryState& state, std::string_view text, std::string_view field
) {
    const Result<PrincipalName> name = parse_principal(text, field);
    if (!name)
        return pass(name.error());
    const KnownPrincipal* known = state.principal_named(name->kind, name_key(name->name));
    if (known == nullptr)
        return fail_as(
            "user-not-found",
            Errc::not_found,
            fmt::format("'{}' does not exist", name->written()),
            "list users: pchatctl user list",
            field
        );
    return known->id;
}

/// ?category= privacy= type= disabled= member= manager=
Result<RoomListQuery> read_list_query(
    const Call& call, const DirectoryState& state, RoomListQuery out
) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    out.limit = *limit;
    out.cursor = call.cursor();
    out.filter = text_of(call, "filter");
    out.hidden = call.person.roles != 0;
    const auto type = choice_of(call, "type", listed(room_type_words));
    const auto privacy = choice_of(call, "privacy", listed(room_privacy_words));
    const auto disabled = flag_of(call, "disabled");
    for (const Error* problem :
         {type ? nullptr : &type.error(),
          privacy ? nullptr : &privacy.error(),
          disabled ? nullptr : &disabled.error()})
        if (problem != nullptr)
            return pass(*problem);
    if (*type)
        out.type = static_cast<RoomType>(**type + 1);
    if (*privacy)
        out.privacy = static_cast<RoomPrivacy>(**privacy + 1);
    out.disabled = *disabled;
    if (const std::string category = text_of(call, "category"); !category.empty()) {
        const KnownCategory* known = state.find_category(category);
        if (known == nullptr)
            return category_not_found(category);
        out.category = known->category.id;
    }
    for (const auto& [name, to] :
         {std::pair{"member", &RoomListQuery::member},
          std::pair{"manager", &RoomListQuery::manager}})
        if (const std::string text = text_of(call, name); !text.empty()) {
            const Result<PrincipalId> user = user_of(state, text, name);
            if (!user)
                return pass(user.error());
            out.*to = *user;
        }
    return out;
}

Result<net::HttpResponse> get_rooms(Call& call) {
    const Result<RoomListQuery> stored = read_stored_filters(call);
    if (!stored)
        return pass(stored.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<RoomListQuery> query = read_list_query(call, state, *stored);
            if (!query)
                return pass(query.error());
            const Result<RoomList> rooms = list_rooms(state, call.person, *query);
            if (!rooms)
                return pass(rooms.error());
            std::string body = "{";
            wire::FieldWriter fields{body};
            fields.list("rooms", rooms->rows, [&](std::string& out, const RoomList::Row& row) {
                out += '{';
                if (const KnownRoom* room = state.room(row.id))
                    out += room_fields(state, call.person, *room, row.rights);
                out += '}';
            });
            if (rooms->cursor)
                fields.text("cursor", *rooms->cursor);
            return json_response(200, body + "}");
        }
    );
}

/// The room with what the caller may do there, or `room-not-found`.
Result<std::pair<const KnownRoom*, Rights>> seen_room(
    const Call& call, const DirectoryState& state
) {
    const std::string& name = call.path.at("room");
    const KnownRoom* room = state.find_room(name);
    if (room == nullptr)
        return room_not_found(name);
    const Rights may = state.rights(call.person, *room);
    if (!may.has(Right::view) && call.person.roles == 0)
        return room_not_found(name);
    return std::pair{room, may};
}

Result<net::HttpResponse> get_room(Call& call) {
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const auto room = seen_room(call, state);
            if (!room)
                return pass(room.error());
            const auto& [known, may] = *room;
            return object_response(
                200, "{" + room_fields(state, call.person, *known, may) + "}", known->room.revision
            );
        }
    );
}

Result<net::HttpResponse> post_room(Call& call) {
    const Result<RoomFields> fields = read_room(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<RoomChange> made = create_room(call.services.changes, *asked, *fields);
    if (!made)
        return pass(made.error());
    return answer(call, asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> patch_room(Call& call) {
    const Result<RoomFields> fields = read_room(call.request.body);
    if (!fields)
        return pass(fields.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<RoomChange> changed =
        change_room(call.services.changes, *asked, call.path.at("room"), *fields);
    if (!changed)
        return pass(changed.error());
    return answer(call, 200, *changed);
}

Result<net::HttpResponse> delete_room(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<RoomChange> removed =
        remove_room(call.services.changes, *asked, call.path.at("room"));
    if (!removed)
        return pass(removed.error());
    return answer(call, 200, *removed);
}

void write_entries(
    wire::FieldWriter& out, std::string_view name, const std::vector<UndoneEntry>& entries
) {
    out.list(name, entries, [](std::string& text, const UndoneEntry& one) {
        text += '{';
        wire::FieldWriter{text}
            .text("room", one.room)
            .text("name", one.room_name)
            .text("list", one.list)
            .text("principal", one.principal);
        text += '}';
    });
}

Result<net::HttpResponse> post_undo(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const std::string room{in.optional_text("room", {1, 4096}).value_or("")};
    const std::string change{in.optional_text("change", {1, 64}).value_or("")};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<PurgeUndo> done = undo_purge(call.services.changes, *asked, room, change);
    if (!done)
        return pass(done.error());
    std::string body = "{";
    wire::FieldWriter fields{body};
    if (!done->change.empty())
        fields.text("change", done->change);
    write_entries(fields, "restored", done->restored);
    write_entries(fields, "refused", done->refused);
    return json_response(200, body + "}");
}

Result<net::HttpResponse> get_participants(Call& call) {
    Chat& chat = call.services.chat;
    RoomId id;
    const Result<void> may =
        chat.directory().read([&](const DirectoryState& state) -> Result<void> {
            const auto room = seen_room(call, state);
            if (!room)
                return pass(room.error());
            const auto& [known, rights] = *room;
            if (!rights.has(Right::join) && !rights.has(Right::manage))
                return not_allowed(
                    fmt::format("you may not see who is in room '{}'", known->room.name),
                    "a manager of the room can add you"
                );
            id = known->room.id;
            return {};
        });
    if (!may)
        return pass(may.error());
    const std::vector<PrincipalId> here = chat.in_room(id);
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        std::vector<wire::Participant> list;
        for (const PrincipalId user : here)
            list.push_back(participant(state, user));
        std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
            return a.user < b.user;
        });
        wire::FieldWriter{body}.list(
            "participants",
            list,
            [](std::string& out, const wire::Participant& one) { wire::append(out, one); }
        );
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_room_routes(std::vector<Route>& table) {
    // Rights within rooms decide, which the service asks: every row is for all who have signed in.
    table.push_back({"GET", "/v1/rooms", Gate::signed_in, get_rooms});
    table.push_back({"POST", "/v1/rooms", Gate::signed_in, post_room, largest_admin_body});
    table.push_back({"GET", "/v1/rooms/{room}", Gate::signed_in, get_room});
    table.push_back({"PATCH", "/v1/rooms/{room}", Gate::signed_in, patch_room, largest_admin_body});
    table.push_back({"DELETE", "/v1/rooms/{room}", Gate::signed_in, delete_room});
    table.push_back({"POST", "/v1/rooms/undo", Gate::signed_in, post_undo});
    table.push_back({"GET", "/v1/rooms/{room}/participants", Gate::signed_in, get_participants});
}

}  // namespace pchat::api
