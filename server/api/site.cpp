// SPDX-License-Identifier: Apache-2.0
#include "server/api/site.h"

#include "base/log.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "server/api/chat_session.h"
#include "server/api/figures.h"
#include "server/api/session_cookie.h"
#include "server/service/pool_admin.h"
#include "server/service/refusals.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

namespace pchat::api {
namespace {

// Of the database, which is asked every second.
constexpr std::chrono::seconds longest_silence{12};

net::HttpResponse plain(int status, std::string_view type, std::string body) {
    net::HttpResponse out;
    out.status = status;
    out.headers = {{"Content-Type", std::string{type}}, {"Cache-Control", "no-store"}};
    out.body = std::move(body);
    return out;
}

/// What a token that is bound to a scope may ask at all. What rooms it reaches within a request is
/// the service's to decide.
Result<void> check_scope(const Call& call, const Route& route) {
    const TokenScope* scope = call.person.scope.get();
    if (scope == nullptr)
        return {};
    const bool reads = route.method == "GET" || route.reads == Reads::always ||
                       (route.reads == Reads::as_dry_run && call.dry_run());
    if (scope->read_only && !reads)
        return beyond_scope("changes: it is read-only");
    // Lists of rooms show what is within; a new room is of a category.
    if (scope->everywhere() || route.pattern == "/v1/rooms" || route.pattern == "/v1/discover")
        return {};
    const auto room = call.path.find("room");
    const auto category = call.path.find("category");
    if (room == call.path.end() && category == call.path.end())
        return beyond_scope(fmt::format("{}: it is bound to rooms", route.pattern));
    const bool covered = call.services.chat.directory().read([&](const DirectoryState& state) {
        if (room == call.path.end()) {
            const KnownCategory* known = state.find_category(category->second);
            return known != nullptr && scope->covers(known->category.id);
        }
        const KnownRoom* known = state.find_room(room->second);
        return known != nullptr && scope->covers(known->room.category, known->room.id);
    });
    // The same for what does not exist: a token is no way to find out.
    return covered ? Result<void>{}
                   : beyond_scope(
                         room == call.path.end()
                             ? fmt::format("category '{}'", printable(category->second))
                             : fmt::format("room '{}'", printable(room->second))
                     );
}

tl::unexpected<Error> server_busy() {
    return fail_as(
        "server-busy",
        Errc::unreachable,
        "too many requests wait for the database",
        "ask again in a moment"
    );
}

tl::unexpected<Error> too_many_sign_ins() {
    return fail_as(
        "too-many-attempts",
        Errc::too_many,
        "too many people sign in at this moment",
        "try again in a few seconds"
    );
}

}  // namespace

Site::Site(Services services, Health& health)
    : services_(services), health_(health),
      run_id_(make_uuid(services.chat.clock().now()).substr(24)) {}

std::string Site::next_id() {
    return fmt::format("{}-{}", run_id_, ++last_id_);
}

std::size_t Site::body_limit(const net::HttpRequest& head) {
    const Result<Match> found = match(head.method, head.path);
    return found && found->route != nullptr ? found->route->body_limit : 0;
}

std::variant<std::unique_ptr<net::WebSocketUser>, net::HttpResponse> Site::upgrade(
    const net::HttpRequest& request
) {
    if (request.path != "/v1/ws")
        return error_response(
            fail_as("not-found", Errc::not_found, "there is no WebSocket here", "it is at /v1/ws")
                .value(),
            next_id()
        );
    const Result<Credentials> who = credentials_of(request);
    if (!who)
        return error_response(who.error(), next_id());
    if (who->by_cookie)
        if (auto good = check_origin(request, services_.chat.facts().origins); !good)
            return error_response(good.error(), next_id());
    return std::unique_ptr<net::WebSocketUser>{std::make_unique<ChatSession>(
        services_.hub.shard(request.thread), Secret{std::string{who->secret}}
    )};
}

void Site::serve(net::HttpRequest request, net::HttpReply reply) {
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (get && request.path == "/healthz")
        return reply(plain(200, "text/plain", "ok\n"));
    if (get && request.path == "/readyz")
        return reply(ready());
    if (get && request.path == "/metrics")
        return reply(plain(200, "text/plain; version=0.0.4", metrics()));
    Result<Match> found = match(request.method, request.path);
    if (!found)
        return reply(error_response(found.error(), next_id()));
    if (found->route != nullptr) {
        const Route& route = *found->route;
        return run(route, std::move(*found), std::move(request), std::move(reply));
    }
    if (found->allowed.empty())
        return reply(error_response(
            fail_as(
                "not-found",
                Errc::not_found,
                fmt::format("there is nothing at '{}'", printable(request.path)),
                "paths begin with /v1/"
            )
                .value(),
            next_id()
        ));
    net::HttpResponse out = error_response(
        fail_as(
            "method-not-allowed",
            Errc::usage,
            fmt::format("{} is not possible here", printable(request.method)),
            fmt::format("possible: {}", found->allowed)
        )
            .value(),
        next_id()
    );
    out.status = 405;
    out.headers.emplace_back("Allow", found->allowed);
    reply(std::move(out));
}

void Site::run(const Route& route, Match match, net::HttpRequest request, net::HttpReply reply) {
    const std::string id = next_id();
    const auto begun = std::chrono::steady_clock::now();
    auto shared = std::make_shared<net::HttpRequest>(std::move(request));
    const bool apart = route.lane == Lane::passwords;
    Workers& workers = apart ? doors_ : services_.chat.workers();
    const bool taken = workers.run([this, &route, match, shared, id, reply, begun]() mutable {
        Result<net::HttpResponse> answer = call(route, match, *shared, id);
        net::HttpResponse out = answer ? std::move(*answer) : error_response(answer.error(), id);
        out.headers.emplace_back("X-Request-Id", id);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begun;
        log::debug(
            "{} {} {} -> {} in {:.1f} ms from {}",
            id,
            route.method,
            route.pattern,
            out.status,
            took.count(),
            shared->peer
        );
        reply(std::move(out));
    });
    if (!taken)
        reply(error_response((apart ? too_many_sign_ins() : server_busy()).value(), id));
}

Result<net::HttpResponse> Site::call(
    const Route& route, Match& match, const net::HttpRequest& request, const std::string& id
) try {
    auto query = read_query(request.query);
    if (!query)
        return pass(std::move(query).error());
    Call out{services_, request, id, std::move(match.path), std::move(*query), {}, {}, {}};
    if (route.gate != Gate::open) {
        const Result<Credentials> who = credentials_of(request);
        if (!who)
            return pass(who.error());
        if (who->by_cookie)
            if (auto good = check_page(request, services_.chat.facts().origins); !good)
                return pass(std::move(good).error());
        out.secret = who->secret;
        out.by_cookie = who->by_cookie;
        if (out.secret.empty())
            return fail_as(
                "not-signed-in",
                Errc::signed_out,
                "this needs a token",
                "send the header Authorization: Bearer TOKEN; get one from POST /v1/sessions"
            );
        Result<Identity> identity = services_.sign_ins.check(out.secret);
        if (!identity)
            return pass(std::move(identity).error());
        out.identity = *identity;
        out.person = services_.chat.directory().read([&](const DirectoryState& state) {
            return person_of(state, *identity);
        });
        if (Result<void> known = services_.chat.may_read(); !known)
            return pass(std::move(known).error());
        if (Result<void> within = check_scope(out, route); !within) {
            refused(out, route, within.error());
            return pass(std::move(within).error());
        }
        if (!opens(out.person, route.gate)) {
            Error missing = role_missing(out, route.gate);
            refused(out, route, missing);
            return pass(std::move(missing));
        }
    }
    return route.handler(out);
} catch (const std::exception& error) {
    log::error("request {} ended by an exception: {}", id, error.what());
    return fail(Errc::internal, "the server failed at this request", "its log says more");
}

void Site::refused(const Call& call, const Route& route, const Error& why) {
    note_refusal(
        services_.changes,
        services_.sign_ins,
        call.actor(),
        call.identity->token,
        {"token.use", fmt::format("{} {}", route.method, route.pattern), why.reason}
    );
}

net::HttpResponse Site::ready() const {
    const CommitCounts commits = services_.chat.commit_counts();
    const bool silent = health_.database_unseen && health_.database_unseen() > longest_silence;
    const bool database = !commits.database_away && !health_.database_away && !silent;
    const ServerState state = services_.chat.pool().own_state();
    // Without a bus the servers follow each other by the database, so users may come all the same;
    // not when it does not know whose rights the others took.
    const PoolHealth pool = health_.pool ? health_.pool() : PoolHealth{};
    const bool ok = database && pool.follows && !health_.draining && !health_.fenced &&
                    state == ServerState::active;
    std::string body = "{";
    wire::FieldWriter{body}
        .boolean("ready", ok)
        .text("state", to_string(state))
        .text("database", database ? "ok" : "away")
        .boolean("draining", health_.draining)
        .boolean("fenced", health_.fenced)
        .text("bus", bus_word(pool))
        .boolean("follows", pool.follows)
        .number("sessions", static_cast<std::int64_t>(services_.hub.sessions()))
        .number("waiting_messages", static_cast<std::int64_t>(commits.waiting));
    return json_response(ok ? 200 : 503, body + "}");
}

}  // namespace pchat::api
