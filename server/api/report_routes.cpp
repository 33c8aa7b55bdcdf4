// SPDX-License-Identifier: Apache-2.0
// Reports: how much is said where, and how the servers are used.
#include "server/api/admin_request.h"
#include "server/api/hub.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/domain/server_life.h"
#include "server/service/fetch.h"
#include "server/service/pool_admin.h"
#include "server/service/roll.h"
#include "server/service/usage_report.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace pchat::api {
namespace {

constexpr Microseconds day = 86'400'000'000;
constexpr Microseconds usual_time = 30 * day;

Result<std::size_t> top_of(const Call& call) {
    const std::string text = text_of(call, "top");
    std::size_t out = 10;
    if (text.empty())
        return out;
    const char* end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, out);
    if (problem == std::errc{} && stopped == end && out <= 1'000)
        return out;
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("top must be from 0 to 1000, got '{}'", text),
        {},
        "top"
    );
}

// ---- usage

std::string room_use(const DirectoryState& state, const UsageReport::RoomUse& use) {
    const KnownRoom* room = state.room(use.room);
    const KnownCategory* category = room == nullptr ? nullptr : state.category(room->room.category);
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("room", room == nullptr ? std::string_view{} : room->room.name)
        .text("room_id", room == nullptr ? std::string_view{} : room->room.uuid)
        .text("category", category == nullptr ? std::string_view{} : category->category.name)
        .number("messages", use.messages)
        .number("users", static_cast<std::int64_t>(use.users));
    if (use.last_at != 0)
        fields.time("last_at", use.last_at);
    return out;
}

void write_totals(wire::FieldWriter& fields, const UsageReport& report) {
    fields.number("messages", report.messages)
        .number("rooms", static_cast<std::int64_t>(report.rooms))
        .number("rooms_used", static_cast<std::int64_t>(report.rooms_used))
        .number("users", static_cast<std::int64_t>(report.users))
        .number("users_heard", static_cast<std::int64_t>(report.users_heard))
        .number("content_bytes", report.content_bytes)
        .boolean("complete", report.complete);
}

void write_lists(
    wire::FieldWriter& fields, const DirectoryState& state, const UsageReport& report
) {
    for (const auto& [name, rooms] :
         {std::pair{"top_rooms", &report.top_rooms}, {"idle_rooms", &report.idle_rooms}})
        fields.list(name, *rooms, [&](std::string& out, const UsageReport::RoomUse& one) {
            out += "{" + room_use(state, one) + "}";
        });
    fields.list("top_users", report.top_users, [&](std::string& out, const auto& one) {
        out += '{';
        wire::FieldWriter{out}
            .text("user", written(state, one.user))
            .number("messages", one.messages)
            .number("rooms", static_cast<std::int64_t>(one.rooms));
        out += '}';
    });
    fields.list("days", report.days, [](std::string& out, const UsageReport::Day& one) {
        out += '{';
        wire::FieldWriter{out}
            .time("day", one.begins)
            .number("messages", one.messages)
            .number("users", static_cast<std::int64_t>(one.users))
            .number("rooms", static_cast<std::int64_t>(one.rooms));
        out += '}';
    });
}

Result<net::HttpResponse> get_usage(Call& call) {
    Chat& chat = call.services.chat;
    const auto since = time_of(call, "since");
    if (!since)
        return pass(since.error());
    const auto until = time_of(call, "until");
    if (!until)
        return pass(until.error());
    const Result<std::size_t> top = top_of(call);
    if (!top)
        return pass(top.error());
    UsageQuery query;
    query.until = until->value_or(chat.clock().now());
    query.since = since->value_or(std::max<Microseconds>(query.until - usual_time, 0));
    query.top = *top;
    const Result<UsageReport> report = report_usage(chat, query);
    if (!report)
        return pass(report.error());
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.time("since", query.since).time("until", query.until);
        write_totals(fields, *report);
        write_lists(fields, state, *report);
        return 0;
    });
    return json_response(200, body + "}");
}

// ---- sessions

void write_server(std::string& out, const Server& server, Microseconds now) {
    out += '{';
    wire::FieldWriter{out}
        .text("server", server.fqdn)
        .text("state", to_string(wanted(server.state)))
        .boolean("lost", is_lost(server, now))
        .boolean("stopped", has_signed_off(server))
        .number("sessions", server.session_count)
        .number("load_permille", server.load_permille)
        .time("heartbeat_at", server.heartbeat_at);
    out += '}';
}

/// How often each comes, the most frequent first.
template <class Key>
std::vector<std::pair<Key, std::int64_t>> most_frequent(
    const std::map<Key, std::int64_t>& counts, std::size_t top
) {
    std::vector<std::pair<Key, std::int64_t>> out{counts.begin(), counts.end()};
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.second > b.second;
    });
    out.resize(std::min(top, out.size()));
    return out;
}

Result<net::HttpResponse> get_sessions(Call& call) {
    Chat& chat = call.services.chat;
    const Result<std::size_t> top = top_of(call);
    if (!top)
        return pass(top.error());
    Result<Roll> roll = fetch(chat.content(), "reading the registry", read_roll);
    if (!roll)
        return pass(std::move(roll).error());
    std::erase_if(roll->servers, [](const Server& one) {
        return one.state == ServerState::removed;
    });
    const std::vector<SessionFacts> sessions = call.services.hub.list();
    std::map<PrincipalId, std::int64_t> users;
    std::map<std::string, std::int64_t> addresses;
    std::int64_t joined = 0;
    for (const SessionFacts& one : sessions) {
        ++users[one.user];
        ++addresses[one.address];
        joined += static_cast<std::int64_t>(one.rooms);
    }
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter fields{body};
        fields.time("at", chat.clock().now())
            .text("server", chat.facts().fqdn)
            .number("sessions", static_cast<std::int64_t>(sessions.size()))
            .number("users", static_cast<std::int64_t>(users.size()))
            .number("joined_rooms", joined);
        fields.list("servers", roll->servers, [&](std::string& out, const Server& one) {
            write_server(out, one, roll->now);
        });
        fields
            .list("top_users", most_frequent(users, *top), [&](std::string& out, const auto& one) {
                out += '{';
                wire::FieldWriter{out}
                    .text("user", written(state, one.first))
                    .number("sessions", one.second);
                out += '}';
            });
        fields.list(
            "top_addresses",
            most_frequent(addresses, *top),
            [](std::string& out, const auto& one) {
                out += '{';
                wire::FieldWriter{out}.text("address", one.first).number("sessions", one.second);
                out += '}';
            }
        );
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_report_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/reports/usage", Gate::viewer, get_usage});
    table.push_back({"GET", "/v1/reports/sessions", Gate::viewer, get_sessions});
}

}  // namespace pchat::api
