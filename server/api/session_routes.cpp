// SPDX-License-Identifier: Apache-2.0
// Signing in and out, tickets, and the sessions that are open.
#include "base/time_text.h"
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/hub.h"
#include "server/api/listed_sessions.h"
#include "server/api/routes.h"
#include "server/api/session_cookie.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/service/fetch.h"
#include "server/service/roll.h"
#include "server/service/session_list.h"
#include "server/wire/http_body.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::api {
namespace {

constexpr std::chrono::seconds ticket_lifetime{30};

Result<net::HttpResponse> sign_in(Call& call) {
    Result<wire::SignIn> wanted = wire::read_sign_in(call.request.body);
    if (!wanted)
        return pass(std::move(wanted).error());
    Chat& chat = call.services.chat;
    // Else another site could sign its visitors in as somebody whom it reads.
    if (wanted->cookie)
        for (const auto check : {check_origin, check_page})
            if (Result<void> good = check(call.request, chat.facts().origins); !good)
                return pass(std::move(good).error());
    Result<IssuedToken> token =
        call.services.sign_ins.sign_in(wanted->user, wanted->password, call.request.peer);
    if (!token)
        return pass(std::move(token).error());
    Secret told = wanted->cookie ? Secret{} : token->secret.copy();
    net::HttpResponse out =
        json_response(201, wire::body(wire::SignedIn{std::move(told), token->expires_at}));
    if (wanted->cookie)
        out.headers.push_back(keep_cookie(token->secret, token->expires_at - chat.clock().now()));
    return out;
}

Result<net::HttpResponse> sign_out(Call& call) {
    // What lives by this sign-in ends with it, at whichever server.
    const auto revoke = [&](const Token& token) {
        return call.services.changes
            .run("signing out", call.actor(), [&](Change& change) -> Result<void> {
                const auto revoked = change.tx().tokens().revoke(token.uuid, change.now());
                if (!revoked)
                    return pass(revoked.error());
                change.touched.revoked.push_back(token.id);
                return {};
            });
    };
    if (Result<void> done = call.services.sign_ins.sign_out(*call.identity, call.secret, revoke);
        !done)
        return pass(std::move(done).error());
    net::HttpResponse out = json_response(200, "{}");
    if (call.by_cookie)
        out.headers.push_back(forget_cookie());
    return out;
}

Result<net::HttpResponse> make_ticket(Call& call) {
    Result<IssuedToken> ticket = call.services.sign_ins.issue(
        {call.identity->user, TokenKind::ticket, "ticket", ticket_lifetime, call.identity->token}
    );
    if (!ticket)
        return pass(std::move(ticket).error());
    std::string body = "{";
    wire::FieldWriter{body}
        .text("ticket", ticket->secret.reveal())
        .time("expires", ticket->expires_at);
    return json_response(201, body + "}");
}

/// ?user= filter=; the longest connected first.
Result<net::HttpResponse> list_sessions(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    const Result<ListedSessions> found = find_sessions(call, static_cast<std::size_t>(*limit) + 1);
    if (!found)
        return pass(found.error());
    const auto since = [](const ListedSession& one) {
        return time_text(one.facts.connected_at) + " " + one.facts.id;
    };
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return short_list(call, "sessions", *found, since, [&](const ListedSession& one) {
            std::string out;
            wire::FieldWriter fields{out};
            fields.text("id", one.facts.id)
                .text("user", written(state, one.facts.user))
                .text("server", one.server)
                .text("address", one.facts.address)
                .time("connected_at", one.facts.connected_at);
            if (one.is_here)  // of the others, nobody has written it down
                fields.number("rooms", static_cast<std::int64_t>(one.facts.rooms));
            return out;
        });
    });
}

Result<net::HttpResponse> end_session(Call& call) {
    const std::string& id = call.path.at("session");
    const std::vector<SessionFacts> here = call.services.hub.list();
    Result<bool> open = std::any_of(here.begin(), here.end(), [&](const SessionFacts& facts) {
        return facts.id == id;
    });
    if (!*open)
        open = is_open_elsewhere(call.services.chat, id);
    if (!open)
        return pass(std::move(open).error());
    if (!*open)
        return fail_as(
            "session-not-found",
            Errc::not_found,
            fmt::format("session '{}' is not open", id),
            "list sessions: pchatctl session list",
            "session"
        );
    Result<void> done = call.services.changes.run(
        "ending a session",
        call.actor(),
        [&](Change& change) -> Result<void> {
            change.audit("session.end", audit_object_session, 0, id, {}, {});
            change.touched.ended.push_back(id);
            return {};
        },
        call.dry_run()
    );
    if (!done)
        return pass(std::move(done).error());
    return json_response(200, "{}");
}

Result<Principal> user_of(Call& call) {
    const std::string text = text_of(call, "user");
    if (text.empty())
        return fail_as(
            "bad-request",
            Errc::usage,
            "?user= is missing: whose sessions are to end",
            "a single one is ended by DELETE /v1/sessions/{session}",
            "user"
        );
    Chat& chat = call.services.chat;
    auto found = fetch(chat.content(), "finding the user", [&](ContentTransaction& tx) {
        return find_principal(tx, chat.directory(), text, "user", names_for(call.person));
    });
    if (found && found->kind != PrincipalKind::user)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' is not a user", printable(text)),
            "sessions are those of users: sip:alice@contoso.example",
            "user"
        );
    return found;
}

/// Other servers tell of their sessions a moment after those began, and end them all the same.
Result<bool> has_others(ContentTransaction& tx, Chat& chat) {
    const Result<Roll> roll = read_roll(tx);
    if (!roll)
        return pass(roll.error());
    return std::any_of(roll->servers.begin(), roll->servers.end(), [&](const Server& one) {
        return one.id != chat.facts().life.server && is_living(one, roll->now);
    });
}

/// ?user=: all of that user, at whichever servers they are.
Result<net::HttpResponse> end_sessions(Call& call) {
    const Result<Principal> user = user_of(call);
    if (!user)
        return pass(user.error());
    const Result<ListedSessions> open = sessions_of(call, user->id);
    if (!open)
        return pass(open.error());
    const auto count = static_cast<std::int64_t>(open->size());
    Result<void> done = call.services.changes.run(
        "ending the sessions of a user",
        call.actor(),
        [&](Change& change) -> Result<void> {
            const Result<bool> others = has_others(change.tx(), call.services.chat);
            if (!others)
                return pass(others.error());
            if (open->empty() && !*others)
                return {};
            change.audit(
                "session.end", audit_object_principal, user->id.value, "sip:" + user->name, {}, {}
            );
            change.touched.disconnected.push_back(user->id);
            return {};
        },
        call.dry_run()
    );
    if (!done)
        return pass(std::move(done).error());
    std::string body = "{";
    wire::FieldWriter{body}.text("user", "sip:" + user->name).number("sessions", count);
    return json_response(200, body + "}");
}

}  // namespace

void add_session_routes(std::vector<Route>& table) {
    table.push_back(
        {"POST", "/v1/sessions", Gate::open, sign_in, 4096, Reads::by_get, Lane::passwords}
    );
    table.push_back({"GET", "/v1/sessions", Gate::viewer, list_sessions});
    table.push_back({"DELETE", "/v1/sessions", Gate::pchat_admin, end_sessions});
    table.push_back({"DELETE", "/v1/sessions/current", Gate::signed_in, sign_out});
    table.push_back({"DELETE", "/v1/sessions/{session}", Gate::pchat_admin, end_session});
    table.push_back({"POST", "/v1/tickets", Gate::signed_in, make_ticket});
}

}  // namespace pchat::api
