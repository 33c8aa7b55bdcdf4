// SPDX-License-Identifier: Apache-2.0
// Who was told of which rooms.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/service/invitation_list.h"
#include "server/service/list_cursor.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::api {
namespace {

/// One's own are everybody's to read, those of others take a role.
Result<PrincipalId> user_of(Call& call) {
    const std::string text = text_of(call, "user");
    if (text.empty())
        return call.person.id;
    Chat& chat = call.services.chat;
    PrincipalId out;
    Result<void> read =
        chat.content().read("finding the user", [&](ContentTransaction& tx) -> Result<void> {
            const Result<Principal> row =
                find_principal(tx, chat.directory(), text, "user", names_for(call.person));
            if (row)
                out = row->id;
            return row ? Result<void>{} : Result<void>{pass(row.error())};
        });
    const bool own = read && out == call.person.id;
    if (!own && !opens(call.person, Gate::viewer))
        return fail_as(
            "role-missing",
            Errc::denied,
            "the invitations of others are for administrators",
            "ask somebody with the role viewer",
            "user"
        );
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<std::int64_t> position_of(const Call& call) {
    const auto text = call.cursor();
    std::int64_t out = 0;
    if (!text)
        return out;
    const char* end = text->data() + text->size();
    const auto [stopped, problem] = std::from_chars(text->data(), end, out);
    if (problem == std::errc{} && stopped == end)
        return out;
    return bad_cursor();
}

Result<InvitationQuery> read_query(Call& call) {
    InvitationQuery out;
    const Result<PrincipalId> user = user_of(call);
    if (!user)
        return pass(user.error());
    out.user = *user;
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    out.limit = *limit;
    const Result<std::int64_t> after = position_of(call);
    if (!after)
        return pass(after.error());
    out.after = *after;
    const std::string room = text_of(call, "room");
    if (room.empty())
        return out;
    const Chat& chat = call.services.chat;
    const Result<Chat::Seen> seen = chat.see(out.user, room);
    if (!seen)
        return pass(seen.error());
    out.room = seen->id;
    return out;
}

Result<net::HttpResponse> get_invitations(Call& call) {
    const Result<InvitationQuery> query = read_query(call);
    if (!query)
        return pass(query.error());
    const Result<InvitationPage> page = list_invitations(call.services.chat, *query);
    if (!page)
        return pass(page.error());
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        std::string body = "{";
        wire::FieldWriter fields{body};
        fields.list("invitations", page->invitations, [&](std::string& out, const Invitation& one) {
            const KnownRoom* room = state.room(one.room);
            out += '{';
            wire::FieldWriter{out}
                .number("sequence", one.sequence)
                .text("user", written(state, one.user))
                .text("room", room == nullptr ? std::string_view{} : room->room.name)
                .text("room_id", room == nullptr ? std::string_view{} : room->room.uuid)
                .text("by", written(state, one.invited_by))
                .time("at", one.at);
            out += '}';
        });
        if (page->next)
            fields.text("cursor", fmt::to_string(*page->next));
        return json_response(200, body + "}");
    });
}

}  // namespace

void add_invitation_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/invitations", Gate::signed_in, get_invitations});
}

}  // namespace pchat::api
